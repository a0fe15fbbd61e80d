// Decodes, filters and encodes away from the page, which stays quick meanwhile.
import { preview, type RenderOrder, render } from "./draw";

export type Task =
  | { readonly kind: "preview"; readonly file: Blob; readonly side: number }
  | { readonly kind: "render"; readonly order: RenderOrder };

interface Order {
  readonly id: number;
  readonly task: Task;
}

addEventListener("message", async ({ data }: MessageEvent<Order>) => {
  const { id, task } = data;
  try {
    const result =
      task.kind === "render" ? await render(task.order) : await preview(task.file, task.side);
    postMessage({ id, result });
  } catch (error) {
    postMessage({ id, problem: String(error) });
  }
});
