// Not now: kept as a draft on the server, or planned for a time.
import { CalendarClock, FilePenLine } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { Button } from "@/ui/Button";
import styles from "./CreateDialog.module.css";

const ScheduleDialog = lazy(() => import("@/features/post/ScheduleDialog"));

interface LaterProps {
  readonly isBusy: boolean;
  readonly onDraft: () => void;
  readonly onSchedule: (at: string) => void;
}

export function Later({ isBusy, onDraft, onSchedule }: LaterProps) {
  const [isChoosing, setChoosing] = useState(false);
  const plan = (at: string) => {
    onSchedule(at);
    return Promise.resolve(true);
  };
  return (
    <div className={styles.later}>
      <Button disabled={isBusy} onClick={onDraft}>
        <FilePenLine size={18} aria-hidden="true" /> Save as draft
      </Button>
      <Button disabled={isBusy} onClick={() => setChoosing(true)}>
        <CalendarClock size={18} aria-hidden="true" /> Schedule…
      </Button>
      {isChoosing && (
        <Suspense fallback={null}>
          <ScheduleDialog
            at={null}
            button="Schedule"
            plan={plan}
            onClose={() => setChoosing(false)}
          />
        </Suspense>
      )}
    </div>
  );
}
