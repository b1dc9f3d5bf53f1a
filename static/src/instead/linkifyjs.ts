/**
 * What Tiptap's links need of linkifyjs: its list of what addresses end in weighs as much as all our menus, so it comes with
 * the other formats, when somebody begins to use the text. Until then nothing that is typed is taken for an address.
 */

import { ready } from "../paste/load";

type Linkify = typeof import("linkifyjs");

export const find: Linkify["find"] = (...asked) => ready()?.find(...asked) ?? [];
export const tokenize = (text: string): ReturnType<Linkify["tokenize"]> => ready()?.tokenize(text) ?? [];

/** No protocol is asked for but those it knows of itself: there is nothing to register, and nothing to forget. */
export function registerCustomProtocol(): void {}
export function reset(): void {}
