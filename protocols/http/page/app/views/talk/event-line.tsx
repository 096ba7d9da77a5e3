import type { ComponentChildren } from "preact";
import { escapeText } from "../../../../../../src/bytes/text.ts";
import type { ChatEvent } from "../../chat/wire.ts";
import { readAnnouncement } from "../../files/announcement.ts";
import type { Strings } from "../../text/strings.ts";
import { hueOf } from "../avatar.tsx";
import { Announced } from "./announced.tsx";
import { Words } from "./words.tsx";

interface LineWords {
  /** How loud it is. */
  readonly tone: "action" | "plain" | "dim";
  readonly words: ComponentChildren;
}

type Lines = {
  readonly [Kind in ChatEvent["event"]]: (event: ChatEvent & { readonly event: Kind }, text: Strings) => LineWords;
};

const plain = (words: ComponentChildren): LineWords => ({ tone: "plain", words });
const dim = (words: ComponentChildren): LineWords => ({ tone: "dim", words });

const lines: Lines = {
  action: ({ from, text: words }) => ({
    tone: "action",
    words: (
      <>
        <span class="who" style={{ "--hue": hueOf(from) }}>
          {from}
        </span>{" "}
        <Words text={words} />
      </>
    ),
  }),
  topic: ({ from, text: topic }, text) =>
    plain(topic === "" ? text.topicCleared(from) : text.topicSet(from, escapeText(topic))),
  notice: ({ text: words }) => {
    const told = readAnnouncement(words);
    return plain(told === null ? <Words text={words} /> : <Announced told={told} />);
  },
  join: ({ name }, text) => dim(text.joined(name)),
  part: ({ name }, text) => dim(text.left(name)),
  quit: ({ name, reason }, text) => dim(text.quit(name, escapeText(reason))),
  name: ({ from, to }, text) => dim(text.renamed(from, to)),
  message: ({ text: words }) => plain(words),
  private: ({ text: words }) => plain(words),
};

/** An event that is no speech, in words. */
export function lineOf(event: ChatEvent, text: Strings): LineWords {
  const line = lines[event.event] as (event: ChatEvent, text: Strings) => LineWords;
  return line(event, text);
}
