/** The frames that only a server sends, for tests. */

import * as encoding from "lib0/encoding";
import type { Hello, Rights } from "../sync/wire";

export function helloFrame(hello: Hello): Uint8Array {
  return frameOf(64, (encoder) => encoding.writeVarString(encoder, JSON.stringify(hello)));
}

export function savedFrame(count: number, seq: number): Uint8Array {
  return frameOf(65, (encoder) => {
    encoding.writeVarUint(encoder, count);
    encoding.writeVarUint(encoder, seq);
  });
}

export function levelFrame(rights: Rights): Uint8Array {
  return frameOf(66, (encoder) => encoding.writeVarString(encoder, JSON.stringify(rights)));
}

export function noticeFrame(kind: string, text: string): Uint8Array {
  return frameOf(67, (encoder) => {
    encoding.writeVarString(encoder, kind);
    encoding.writeVarString(encoder, text);
  });
}

function frameOf(type: number, write: (encoder: encoding.Encoder) => void): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, type);
    write(encoder);
  });
}
