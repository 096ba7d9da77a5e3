"""Logs in by FTP over TLS and breaks it in the middle of a transfer: PORT (STOR|RETR) NAME (data|control).

Prints the reply to the transfer, or what became of the control connection.
"""
import ftplib, os, ssl, sys

port, command, name, where = int(sys.argv[1]), *sys.argv[2:5]
context = ssl._create_unverified_context()
ftp = ftplib.FTP_TLS(context=context, timeout=20)
ftp.connect("127.0.0.1", port)
ftp.login()
ftp.prot_p()
ftp.voidcmd("TYPE I")
data = ftp.transfercmd(f"{command} {name}")
if command == "STOR":
    data.sendall(os.urandom(200_000))
else:
    data.recv(10_000)
broken = data if where == "data" else ftp.sock
# Past TLS, into the socket itself: no record begins like that.
os.write(broken.fileno(), b"this is no TLS record" * 50)
try:
    if where == "data":
        print(ftp.getresp())
    else:
        print("control", ftp.sock.recv(100))
except ftplib.Error as error:
    print(error)
except OSError as error:
    print("control", type(error).__name__)
