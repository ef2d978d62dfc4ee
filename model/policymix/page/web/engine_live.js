export function liveEngine() {
  throw new Error("not yet");
}
