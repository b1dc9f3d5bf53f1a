/** Keys as they are called on this machine. */
export function keysHere(keys: string): string {
  if (!/Mac|iPhone|iPad/.test(navigator.platform)) return keys;
  return keys.replace("Ctrl+", "⌘").replace("Alt+", "⌥").replace("Shift+", "⇧");
}
