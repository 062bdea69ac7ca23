import { describe } from 'vitest';
import type { BusMessage } from '../../src/cache/shared/store.ts';
import { FakeClock } from './harness/fake-clock.ts';
import { FakeServer } from './harness/fake-server.ts';
import { FakeStore } from './harness/fake-store.ts';
import { Schedule } from './harness/schedule.ts';
import { type ContractStore, storeContract } from './harness/store-contract.ts';

/** Every step happens as soon as it can. */
class ImmediateSchedule extends Schedule {
  override point(): Promise<void> {
    return Promise.resolve();
  }
}

describe('the fake store of the interleaving test', () => {
  storeContract(async (): Promise<ContractStore> => {
    const clock = new FakeClock();
    const server = new FakeServer(clock);
    const store = new FakeStore(server, new ImmediateSchedule(), clock, {
      isPaused: false,
      copiesOfNextMessage: 1,
    });
    const messages: BusMessage[] = [];
    server.onPublish = (message) => messages.push(message);
    store.start('node', { onConnected() {}, onDisconnected() {}, onMessage() {} });
    await Promise.resolve();
    return {
      store,
      messages,
      pass: (milliseconds) => clock.advance(milliseconds),
      restartEmpty: async () => server.restart(undefined),
      loseControl: async () => {
        server.control = undefined;
      },
      waitForMessages: async () => undefined,
    };
  });
});
