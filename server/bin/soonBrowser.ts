// Runs something after the messages that wait: what setImmediate is in Node. Timers would lose 4 ms at every turn.

const channel = new MessageChannel();
const waiting: Array<() => void> = [];
channel.port1.onmessage = () => waiting.shift()?.();

export function soon(run: () => void): void {
  waiting.push(run);
  channel.port2.postMessage(null);
}
