// A post in the making: its files, which upload while the person goes on writing, and its words.

import type { Media, Post } from "@/api/types";
import { toast } from "@/lib/announce";
import { Store } from "@/lib/store";
import { uuid } from "@/lib/uuid";
import { type Edit, isUntouched, UNTOUCHED } from "../edit/edit";
import { type DraftItem, isReady, moved, newItem } from "./items";
import { NOT_SENT, UploadQueue, type UploadStatus } from "./queue";
import { type Refusal, refusal, refusalByLeft, refusalInside, type UploadRules } from "./rules";
import { type StoredDraft, type StoredItem, storedItem } from "./storage";
import type { DraftTools } from "./tools";
import { NO_WORDS, type Plan, postOf, type Words } from "./words";

const SAVE_MS = 400;

export class Draft {
  readonly items = new Store<readonly DraftItem[]>([]);
  readonly words = new Store<Words>(NO_WORDS);
  /** Files that were not taken, until they have been read. */
  readonly refusals = new Store<readonly Refusal[]>([]);
  /** Whether it is known what an earlier visit kept; nothing is added before. */
  readonly isOpen = new Store(false);
  /** When it was last kept, if it comes from an earlier visit. */
  readonly restoredFrom = new Store<string | null>(null);
  /** Whether a reload finds all of it again. */
  readonly isKept = new Store(true);
  readonly #userId: string;
  readonly #tools: DraftTools;
  readonly #queue: UploadQueue;
  #rules: UploadRules;
  /** The same for every try of the same post, so that no try makes a second one. */
  #postKey = uuid();
  #saveTimer: ReturnType<typeof setTimeout> | undefined;
  #isOver = false;
  /** Files are opened one after the other: each may take much memory. */
  #reading: Promise<unknown> = Promise.resolve();

  constructor(userId: string, rules: UploadRules, tools: DraftTools) {
    this.#userId = userId;
    this.#rules = rules;
    this.#tools = tools;
    this.#queue = new UploadQueue(tools.door, tools.around, (key, upload) =>
      this.#uploaded(key, upload),
    );
  }

  /** What the server takes, as soon as it has told. */
  set rules(rules: UploadRules) {
    this.#rules = rules;
  }

  /** Brings back what an earlier visit kept. */
  async restore(): Promise<void> {
    const kept = await this.#tools.storage.load(this.#userId).catch(() => null);
    if (kept && !this.#isOver) this.#takeAll(kept.draft, kept.files);
    this.isOpen.set(true);
  }

  get hasContent(): boolean {
    return this.items.get().length > 0 || this.words.get().caption.trim() !== "";
  }

  /** Takes files in, begins to send them, and names the others with the reason. */
  add(files: readonly File[]): void {
    for (const file of files) {
      const problem = refusal(file, this.#rules) ?? this.#fullness(file) ?? this.#lack(file);
      if (problem) this.#refuse(problem);
      else this.#accept(file);
    }
    this.#saveSoon();
  }

  dismissRefusals(): void {
    this.refusals.set([]);
  }

  /** Takes a file out: stops its upload, or deletes it where it has arrived. */
  remove(key: string): void {
    const item = this.#item(key);
    if (!item) return;
    this.#letGo(item);
    this.items.set(this.items.get().filter((other) => other.key !== key));
    this.#queue.drop(key);
    void this.#tools.storage.removeFile(key).catch(() => undefined);
    this.#saveSoon();
  }

  retry(key: string): void {
    this.#queue.retry(key);
  }

  /** The network is back. */
  wake(): void {
    this.#queue.wake();
  }

  /** The server told something of this upload. */
  hear(mediaId: string): void {
    this.#queue.hear(mediaId);
  }

  setAlt(key: string, alt: string): void {
    this.#change(key, { alt });
    this.#saveSoon();
  }

  setWords(change: Partial<Words>): void {
    this.words.set({ ...this.words.get(), ...change });
    this.#saveSoon();
  }

  move(from: number, to: number): void {
    this.items.set(moved(this.items.get(), from, to));
    this.#saveSoon();
  }

  /** Another crop or look: what was sent is replaced by the new picture. */
  edit(key: string, edit: Edit): void {
    const item = this.#item(key);
    if (!item?.size) return;
    if (item.edited) this.#tools.release(item.edited);
    this.#queue.drop(key);
    const anew = { edited: null, uploadKey: uuid(), upload: NOT_SENT };
    this.#change(key, { edit, work: "editing", ...anew });
    void this.#prepare(key);
    this.#saveSoon();
  }

  /** Makes the post, out now or as planned. All files must be ready. */
  async publish(plan: Plan = "now"): Promise<Post> {
    const items = this.items.get();
    if (!items.every(isReady)) throw new Error("a file is not ready");
    const media = items.map(({ key, alt, upload }) => ({
      key,
      alt: alt.trim(),
      ...(upload.media as Media),
    }));
    await Promise.all(
      media
        .filter(({ alt, alt_text }) => alt !== alt_text)
        .map(({ id, alt }) => this.#tools.door.describe(id, alt)),
    );
    const ids = new Map(media.map(({ key, id }) => [key, id]));
    return this.#tools.door.publish(postOf(this.words.get(), ids, plan), this.#postKey);
  }

  /** Throws everything away, here and on the server, and begins anew. */
  clear(): void {
    for (const { key } of this.items.get()) this.remove(key);
    this.words.set(NO_WORDS);
    this.refusals.set([]);
    this.restoredFrom.set(null);
    this.#postKey = uuid();
    this.#saveSoon();
  }

  /** Forgets all that this device holds: the files are the post's now. */
  async finish(): Promise<void> {
    clearTimeout(this.#saveTimer);
    this.#saveTimer = undefined;
    this.leave();
    await this.#tools.storage.clear(this.#userId).catch(() => undefined);
  }

  /** Stops; what is kept on the device stays there. */
  leave(): void {
    if (this.#saveTimer !== undefined) void this.#save();
    this.#isOver = true;
    this.#queue.stop();
    for (const item of this.items.get()) this.#letGo(item);
    this.items.set([]);
  }

  #takeAll(draft: StoredDraft, files: ReadonlyMap<string, File>): void {
    this.#postKey = draft.postKey;
    this.words.set({ ...NO_WORDS, ...draft.words });
    for (const stored of draft.items) {
      const file = files.get(stored.key);
      if (file) this.#takeBack(stored, file);
    }
    if (this.hasContent) this.restoredFrom.set(draft.savedAt);
  }

  #fullness({ name }: File): Refusal | null {
    const { maxCount } = this.#rules;
    if (this.items.get().length < maxCount) return null;
    return { name, reason: `A post has at most ${maxCount}.` };
  }

  /** What has arrived is counted by the server already. */
  #lack(file: File): Refusal | null {
    const onTheirWay = this.items.get().filter((item) => item.upload.media === null);
    return refusalByLeft(
      file,
      onTheirWay.map((item) => item.file),
      this.#rules,
    );
  }

  #refuse(problem: Refusal): void {
    this.refusals.set([...this.refusals.get(), problem]);
  }

  #accept(file: File): void {
    const item = newItem(uuid(), file, uuid());
    this.items.set([...this.items.get(), item]);
    this.#tools.storage.putFile(this.#userId, item.key, file).catch(() => this.isKept.set(false));
    this.#read(item.key, () => this.#prepare(item.key));
  }

  #takeBack(stored: StoredItem, file: File): void {
    const { key, uploadKey, mediaId, alt, edit } = stored;
    this.items.set([...this.items.get(), { ...newItem(key, file, uploadKey), alt, edit }]);
    this.#read(key, () => this.#prepare(key, mediaId));
  }

  /** Opens the file when its turn comes; goes on unless it is refused or gone by then. */
  #read(key: string, then: () => Promise<void>): void {
    this.#reading = this.#reading.then(async () => {
      const item = this.#item(key);
      if (!item) return;
      const found = await this.#tools.inspect(item.file);
      if (!this.#item(key)) return;
      const problem = refusalInside(item.file, found, this.#rules);
      if (problem) {
        this.#refuse(problem);
        this.remove(key);
        return;
      }
      const preview = found.preview && this.#tools.addressOf(found.preview);
      this.#change(key, { size: found.size, durationMs: found.durationMs, preview });
      await then();
    });
  }

  /** Draws the edited picture, if there is anything to draw, and sends what is to be shared. */
  async #prepare(key: string, mediaId: string | null = null): Promise<void> {
    const item = this.#item(key);
    if (!item) return;
    const file = await this.#fileOf(item).catch(() => null);
    if (this.#item(key)?.uploadKey !== item.uploadKey) return; // removed, or edited once more
    if (!file) {
      toast(`This browser could not edit ${item.file.name}. It stays as it was.`, {
        tone: "error",
      });
      this.edit(key, UNTOUCHED);
      return;
    }
    const edited = file === item.file ? null : (await this.#tools.inspect(file)).preview;
    this.#change(key, { work: null, edited: edited && this.#tools.addressOf(edited) });
    if (mediaId === null) this.#queue.add(key, file, item.uploadKey);
    else void this.#queue.resume(key, file, item.uploadKey, mediaId);
  }

  /** The file itself while nothing is done to it. */
  async #fileOf({ size, edit, file }: DraftItem): Promise<File> {
    if (!size || isUntouched(edit, size)) return file;
    const blob = await this.#tools.render(file, edit, this.#rules);
    const ending = blob.type === "image/png" ? "png" : "jpg";
    return new File([blob], `${file.name.replace(/\.[^.]*$/, "")}.${ending}`, { type: blob.type });
  }

  #uploaded(key: string, upload: UploadStatus): void {
    const item = this.#item(key);
    if (!item) return;
    this.#change(key, { upload });
    if (item.upload.media?.id !== upload.media?.id) this.#saveSoon();
  }

  #item(key: string): DraftItem | undefined {
    return this.items.get().find((item) => item.key === key);
  }

  #change(key: string, change: Partial<DraftItem>): void {
    this.items.set(
      this.items.get().map((item) => (item.key === key ? { ...item, ...change } : item)),
    );
  }

  #letGo({ preview, edited }: DraftItem): void {
    for (const address of [preview, edited]) if (address) this.#tools.release(address);
  }

  #saveSoon(): void {
    clearTimeout(this.#saveTimer);
    this.#saveTimer = setTimeout(() => void this.#save(), SAVE_MS);
  }

  async #save(): Promise<void> {
    clearTimeout(this.#saveTimer);
    this.#saveTimer = undefined;
    if (this.#isOver) return;
    const { storage } = this.#tools;
    const kept = this.hasContent
      ? storage.save(this.#userId, this.#record())
      : storage.clear(this.#userId);
    await kept.catch(() => this.isKept.set(false));
  }

  #record(): StoredDraft {
    return {
      postKey: this.#postKey,
      savedAt: new Date().toISOString(),
      words: this.words.get(),
      items: this.items.get().map(storedItem),
    };
  }
}
