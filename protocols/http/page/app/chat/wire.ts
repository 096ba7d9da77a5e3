import type { Answers, Command, CommandOf, RoomState } from "../../../../../src/chat/command.ts";
import type { ChatEvent, PassingEvent, RoomEvent } from "../../../../../src/chat/event.ts";
import type { Bye, FileAnswers, FileEntry, Welcome } from "../../../../services/messages.ts";

/*
 * What goes over the WebSocket: the messages of the framed protocol, one in each text message.
 */

export type { ChatEvent, PassingEvent, RoomEvent, RoomState, Welcome };

/** Something under a watched folder is another; paths are as this visitor sees them. */
export interface FilesEvent {
  readonly event: "files";
  readonly kind: "stored" | "made" | "removed" | "renamed";
  readonly path: string;
  readonly to?: string;
  readonly entry?: FileEntry;
}

/** What the server says unasked. */
export type ServerEvent = ChatEvent | FilesEvent | Bye;

type ChatRequests = {
  readonly [Op in Command["op"]]: {
    readonly fields: Omit<CommandOf<Op>, "op">;
    readonly answer: Answers[Op];
  };
};

/** Everything that the page asks for: its fields and the answer. */
export interface Requests extends ChatRequests {
  readonly hello: {
    readonly fields: {
      readonly v: 1;
      readonly service: "chat" | "files";
      readonly name?: string;
      readonly room?: string;
      readonly session?: string;
    };
    readonly answer: Welcome;
  };
  readonly hash: { readonly fields: { readonly path: string }; readonly answer: FileAnswers["hash"] };
  readonly stat: { readonly fields: { readonly path: string }; readonly answer: FileAnswers["stat"] };
  readonly unwatch: { readonly fields: { readonly path: string }; readonly answer: object };
  readonly watch: { readonly fields: { readonly path: string }; readonly answer: object };
}

export type Op = keyof Requests;
