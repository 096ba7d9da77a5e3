/* What the kernel allows: the least that a server in C can do, as the measure for all others.
 *
 *   server PORT echo   TCP: every byte comes back, a-z in upper case
 *   server PORT udp    UDP: every datagram comes back, a-z in upper case
 *   server PORT chat   TCP: every line goes to all other connections; the lines of one turn of the loop are one
 *                      buffer, which all connections share, and one send for each of them
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { EVENTS = 512, MOST_PEERS = 65536, TURN = 1 << 20, MOST_READ = 1 << 18 };

/* One peer; what it does not take at once, and in the chat a line that has not ended, is all that it owns. */
struct peer {
    int fd;
    int place;
    char *unsent;
    size_t unsent_size;
    char *line;
    size_t line_size;
};

/* A piece of this turn's buffer, and who said it. */
struct piece {
    struct peer *from;
    size_t start, end;
};

static int loop;
static struct peer *peers[MOST_PEERS];
static int peer_count;
static char turn[TURN];
static size_t turn_size;
static struct piece pieces[EVENTS];
static int piece_count;

__attribute__((optimize("O3"))) static void upper(char *bytes, size_t size) {
    for (size_t i = 0; i < size; i++) bytes[i] -= (unsigned char)(bytes[i] - 'a') < 26 ? 32 : 0;
}

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void append(char **to, size_t *size, const char *bytes, size_t count) {
    char *grown = realloc(*to, *size + count);
    if (grown == NULL) fail("realloc");
    memcpy(grown + *size, bytes, count);
    *to = grown;
    *size += count;
}

static void watch(struct peer *peer, int operation, unsigned events) {
    struct epoll_event event = {.events = events, .data.ptr = peer};
    if (epoll_ctl(loop, operation, peer->fd, &event) != 0) fail("epoll_ctl");
}

static void drop(struct peer *peer) {
    peers[peer->place] = peers[--peer_count];
    peers[peer->place]->place = peer->place;
    for (int i = 0; i < piece_count; i++)
        if (pieces[i].from == peer) pieces[i].from = NULL;
    close(peer->fd);
    free(peer->unsent);
    free(peer->line);
    free(peer);
}

static void welcome(int listener) {
    int one = 1;
    for (;;) {
        int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
        if (fd < 0) return;
        struct peer *peer = peer_count < MOST_PEERS ? calloc(1, sizeof *peer) : NULL;
        if (peer == NULL) {
            close(fd);
            continue;
        }
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        peer->fd = fd;
        peer->place = peer_count;
        peers[peer_count++] = peer;
        watch(peer, EPOLL_CTL_ADD, EPOLLIN);
    }
}

/* Sends, and keeps what the peer does not take; an echo reads no more from a peer that does not read. */
static void deliver(struct peer *peer, const char *bytes, size_t size, unsigned meanwhile) {
    ssize_t taken = peer->unsent_size > 0 ? 0 : send(peer->fd, bytes, size, MSG_NOSIGNAL);
    if (taken < 0) taken = 0;
    if ((size_t)taken == size) return;
    if (peer->unsent_size == 0) watch(peer, EPOLL_CTL_MOD, EPOLLOUT | meanwhile);
    append(&peer->unsent, &peer->unsent_size, bytes + taken, size - (size_t)taken);
}

static void go_on(struct peer *peer) {
    ssize_t taken = send(peer->fd, peer->unsent, peer->unsent_size, MSG_NOSIGNAL);
    if (taken < 0) return;
    peer->unsent_size -= (size_t)taken;
    memmove(peer->unsent, peer->unsent + taken, peer->unsent_size);
    if (peer->unsent_size > 0) return;
    free(peer->unsent);
    peer->unsent = NULL;
    watch(peer, EPOLL_CTL_MOD, EPOLLIN);
}

/* Puts the lines that a peer has ended into this turn's buffer. */
static void collect(struct peer *peer, const char *bytes, size_t size) {
    const char *last = memrchr(bytes, '\n', size);
    size_t whole = last == NULL ? 0 : (size_t)(last + 1 - bytes);
    if (whole > 0) {
        struct piece piece = {.from = peer, .start = turn_size};
        memcpy(turn + turn_size, peer->line, peer->line_size);
        memcpy(turn + turn_size + peer->line_size, bytes, whole);
        turn_size += peer->line_size + whole;
        piece.end = turn_size;
        pieces[piece_count++] = piece;
        peer->line_size = 0;
    }
    if (whole < size) append(&peer->line, &peer->line_size, bytes + whole, size - whole);
}

static void fan_out(void) {
    for (int i = peer_count - 1; i >= 0; i--) {
        size_t from = 0;
        for (int p = 0; p < piece_count; p++) {
            if (pieces[p].from != peers[i]) continue;
            if (pieces[p].start > from) deliver(peers[i], turn + from, pieces[p].start - from, EPOLLIN);
            from = pieces[p].end;
        }
        if (turn_size > from) deliver(peers[i], turn + from, turn_size - from, EPOLLIN);
    }
    turn_size = 0;
    piece_count = 0;
}

static void serve(int listener, int chat) {
    static char bytes[MOST_READ];
    struct epoll_event events[EVENTS];
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    loop = epoll_create1(0);
    epoll_ctl(loop, EPOLL_CTL_ADD, listener, &event);
    for (;;) {
        int count = epoll_wait(loop, events, EVENTS, -1);
        for (int i = 0; i < count; i++) {
            struct peer *peer = events[i].data.ptr;
            if (peer == NULL) {
                welcome(listener);
                continue;
            }
            if (events[i].events & EPOLLOUT) go_on(peer);
            if (!(events[i].events & (EPOLLIN | EPOLLERR | EPOLLHUP))) continue;
            /* What does not fit into this turn stays in the kernel until the next. */
            if (chat && turn_size + peer->line_size + MOST_READ > TURN) continue;
            ssize_t size = recv(peer->fd, bytes, MOST_READ, 0);
            if (size < 0 && errno == EAGAIN) continue;
            if (size <= 0 || peer->line_size > MOST_READ) {
                drop(peer);
            } else if (chat) {
                collect(peer, bytes, (size_t)size);
            } else {
                upper(bytes, (size_t)size);
                deliver(peer, bytes, (size_t)size, 0);
            }
        }
        if (turn_size > 0) fan_out();
    }
}

static void serve_udp(int fd) {
    static char bytes[65536];
    for (;;) {
        struct sockaddr_in from;
        socklen_t length = sizeof from;
        ssize_t size = recvfrom(fd, bytes, sizeof bytes, 0, (struct sockaddr *)&from, &length);
        if (size < 0) continue;
        upper(bytes, (size_t)size);
        sendto(fd, bytes, (size_t)size, 0, (struct sockaddr *)&from, length);
    }
}

int main(int argc, char **argv) {
    if (argc != 3) return 64;
    int udp = strcmp(argv[2], "udp") == 0, one = 1;
    int fd = socket(AF_INET, udp ? SOCK_DGRAM : SOCK_STREAM | SOCK_NONBLOCK, 0);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(argv[1]))};
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    signal(SIGPIPE, SIG_IGN);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(fd, (struct sockaddr *)&at, sizeof at) != 0) fail("bind");
    if (udp) serve_udp(fd);
    if (listen(fd, 4096) != 0) fail("listen");
    serve(fd, strcmp(argv[2], "chat") == 0);
}
