import { charsetOption } from "../../src/net/charset-option.ts";

export const lineOptions = {
  lineCharset: charsetOption("how the chat's peers write: gbk for all, 10.0.0.0/8=gbk for some"),
};
