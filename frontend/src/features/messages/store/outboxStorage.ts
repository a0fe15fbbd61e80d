// The outbox in IndexedDB, so that a closed tab or a crash loses no message.
import type { OutboxItem, OutboxStorage } from "./outbox";

const NAME = "jyoti.outbox";
const STORE = "items";

type Row = OutboxItem & { readonly user_id: string };

function database(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result
        .createObjectStore(STORE, { keyPath: "client_id" })
        .createIndex("user", "user_id");
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function run<T>(
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const db = await database();
  try {
    return await new Promise<T>((resolve, reject) => {
      const request = work(db.transaction(STORE, mode).objectStore(STORE));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  } finally {
    db.close();
  }
}

export const outboxStorage: OutboxStorage = {
  async all(userId) {
    const rows = await run<Row[]>("readonly", (store) => store.index("user").getAll(userId));
    return rows.map(({ user_id: _user, ...item }) => item);
  },
  async put(userId, item) {
    await run("readwrite", (store) => store.put({ ...item, user_id: userId } satisfies Row));
  },
  async remove(clientId) {
    await run("readwrite", (store) => store.delete(clientId));
  },
};
