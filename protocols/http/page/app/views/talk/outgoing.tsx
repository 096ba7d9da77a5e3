import { useApp, useText } from "../../app.ts";
import type { Outgoing, Room } from "../../chat/state.ts";
import { refusalText } from "../../lib/problem-text.ts";
import type { Strings } from "../../text/strings.ts";
import { Words } from "./words.tsx";

/** What this user has said and the server has not answered yet, below everything else. */
export function OutgoingLines({ room }: { readonly room: Room }) {
  return (
    <>
      {room.outgoing.map((outgoing) => (
        <OutgoingLine key={outgoing.key} room={room.id} outgoing={outgoing} />
      ))}
    </>
  );
}

function OutgoingLine({ room, outgoing }: { readonly room: string; readonly outgoing: Outgoing }) {
  const { outbox } = useApp().chat;
  const text = useText();
  const { key, state, problem } = outgoing;
  return (
    <div class="outgoing" data-state={state}>
      <p class="said own pending">
        <Words text={outgoing.text} />
      </p>
      {state === "failed" ? (
        <p class="outgoing-state" role="alert">
          {problem === undefined ? text.notSent : whyNot(problem, text)}
          <button type="button" class="button small" onClick={() => outbox.again(room, key)}>
            {text.sendAgain}
          </button>
          <button type="button" class="button small quiet" onClick={() => outbox.drop(room, key)}>
            {text.discard}
          </button>
        </p>
      ) : (
        <p class="outgoing-state muted">{text.sending}</p>
      )}
    </div>
  );
}

/** What has no code is no refusal: nobody knows whether it arrived. */
function whyNot({ code, message }: NonNullable<Outgoing["problem"]>, text: Strings): string {
  return code === "" ? message : text.because(text.notSent, refusalText(code, message, text));
}
