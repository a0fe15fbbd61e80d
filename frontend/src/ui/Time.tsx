// A moment, short to look at and exact on request.
import { exactTime, shortAge } from "@/lib/time";

export function Time({ at, className }: { at: string; className?: string | undefined }) {
  return (
    <time dateTime={at} title={exactTime(at)} className={className}>
      {shortAge(at)}
    </time>
  );
}
