// Taking a text along: by the clipboard, or as a file.
import { toast } from "./announce";

/** Copies, and says so; on a plain http origin, which has no clipboard, asks to do it by hand. */
export async function copyText(text: string, done: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast(done);
  } catch {
    toast("This browser does not let us copy. Mark the text and copy it yourself.", {
      tone: "error",
    });
  }
}

export function saveText(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
