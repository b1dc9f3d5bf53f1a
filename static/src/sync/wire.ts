/**
 * Frames: bytes to typed messages and back, and nothing else. 0 to 3 are y-protocols as every Yjs provider speaks them,
 * 64 to 67 our own (docs/protocol.md). Knows neither documents nor sockets.
 */

import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";

const SYNC = 0;
const AWARENESS = 1;
const AUTH = 2;
const QUERY_AWARENESS = 3;
const HELLO = 64;
const SAVED = 65;
const LEVEL = 66;
const NOTICE = 67;

const STEP_1 = 0;
const STEP_2 = 1;
const UPDATE = 2;

/** What the server says first: which incarnation of the document this is, and who we are in it. */
export interface Hello {
  readonly epoch: string;
  readonly schema: number;
  readonly level: number;
  readonly mayWrite: boolean;
  readonly principal: string;
  readonly name: string;
  readonly colour: string;
  /** `frame`: the largest frame the server takes, in bytes. */
  readonly limits: { readonly frame: number };
}

export interface Rights {
  readonly level: number;
  readonly mayWrite: boolean;
}

export type Message =
  | { readonly kind: "step1"; readonly vector: Uint8Array }
  | { readonly kind: "step2"; readonly update: Uint8Array }
  | { readonly kind: "update"; readonly update: Uint8Array }
  | { readonly kind: "awareness"; readonly payload: Uint8Array }
  | { readonly kind: "query" }
  | { readonly kind: "denied"; readonly reason: string }
  | { readonly kind: "hello"; readonly hello: Hello }
  | { readonly kind: "saved"; readonly count: number; readonly seq: number }
  | { readonly kind: "level"; readonly rights: Rights }
  | { readonly kind: "notice"; readonly notice: string; readonly text: string }
  | { readonly kind: "unknown"; readonly type: number };

/** Reads one frame. Throws when it ends too early or its JSON is none; a type we do not know is `unknown`, not an error. */
export function decode(frame: Uint8Array): Message {
  const decoder = decoding.createDecoder(frame);
  const type = decoding.readVarUint(decoder);
  switch (type) {
    case SYNC:
      return decodeSync(decoder);
    case AWARENESS:
      return { kind: "awareness", payload: decoding.readVarUint8Array(decoder) };
    case AUTH:
      return decodeAuth(decoder);
    case QUERY_AWARENESS:
      return { kind: "query" };
    case HELLO:
      return { kind: "hello", hello: readJson<Hello>(decoder) };
    case SAVED:
      return { kind: "saved", count: decoding.readVarUint(decoder), seq: decoding.readVarUint(decoder) };
    case LEVEL:
      return { kind: "level", rights: readJson<Rights>(decoder) };
    case NOTICE:
      return { kind: "notice", notice: decoding.readVarString(decoder), text: decoding.readVarString(decoder) };
    default:
      return { kind: "unknown", type };
  }
}

function decodeSync(decoder: decoding.Decoder): Message {
  const step = decoding.readVarUint(decoder);
  const bytes = decoding.readVarUint8Array(decoder);
  if (step === STEP_1) return { kind: "step1", vector: bytes };
  if (step === STEP_2) return { kind: "step2", update: bytes };
  if (step === UPDATE) return { kind: "update", update: bytes };
  return { kind: "unknown", type: SYNC };
}

function decodeAuth(decoder: decoding.Decoder): Message {
  const isDenial = decoding.readVarUint(decoder) === 0;
  return isDenial ? { kind: "denied", reason: decoding.readVarString(decoder) } : { kind: "unknown", type: AUTH };
}

function readJson<T>(decoder: decoding.Decoder): T {
  return JSON.parse(decoding.readVarString(decoder)) as T;
}

export function step1(vector: Uint8Array): Uint8Array {
  return frameOf([SYNC, STEP_1], vector);
}

export function step2(update: Uint8Array): Uint8Array {
  return frameOf([SYNC, STEP_2], update);
}

export function update(bytes: Uint8Array): Uint8Array {
  return frameOf([SYNC, UPDATE], bytes);
}

export function awareness(payload: Uint8Array): Uint8Array {
  return frameOf([AWARENESS], payload);
}

export function queryAwareness(): Uint8Array {
  return Uint8Array.of(QUERY_AWARENESS);
}

function frameOf(types: readonly number[], bytes: Uint8Array): Uint8Array {
  return encoding.encode((encoder) => {
    for (const type of types) encoding.writeVarUint(encoder, type);
    encoding.writeVarUint8Array(encoder, bytes);
  });
}
