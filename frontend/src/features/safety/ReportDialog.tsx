// Say that something should not be here, and block whose it is in the same step.
import { Check } from "lucide-react";
import { useId, useState } from "react";
import { Link } from "react-router";
import { sentence } from "@/api/problem";
import { type ReportReason, report } from "@/api/queries/safety";
import { block } from "@/api/queries/users";
import type { UserSummary } from "@/api/types";
import { showBlocked } from "@/features/profile/relations";
import { toast } from "@/lib/announce";
import { paths } from "@/lib/paths";
import { length } from "@/lib/text";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Switch, TextArea } from "@/ui/Field";
import { Problem } from "@/ui/Notice";
import styles from "./ReportDialog.module.css";
import { kindInWords, REASONS, type ReportKind } from "./reasons";

const TEXT_MAX = 2000;
const reasons = Object.entries(REASONS) as [ReportReason, (typeof REASONS)[ReportReason]][];

interface ReasonsProps {
  readonly chosen: ReportReason | null;
  readonly onChoose: (reason: ReportReason) => void;
}

function Reasons({ chosen, onChoose }: ReasonsProps) {
  const name = useId();
  return (
    <fieldset className={styles.reasons}>
      <legend className={styles.legend}>What is wrong with it?</legend>
      {reasons.map(([reason, { label, hint }], at) => (
        <label key={reason} className={styles.reason}>
          <input
            type="radio"
            name={name}
            value={reason}
            checked={reason === chosen}
            data-autofocus={at === 0 || undefined}
            onChange={() => onChoose(reason)}
          />
          <span>
            {label}
            {hint && reason === chosen && <span className={styles.hint}>{hint}</span>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}

function Thanks({ isBlocked, person, onClose }: ThanksProps) {
  return (
    <div className={styles.thanks} role="status">
      <span className={styles.mark} aria-hidden="true">
        <Check size={30} strokeWidth={1.8} />
      </span>
      <p className={styles.title}>Thank you for telling us</p>
      <p className={styles.text}>
        A moderator will look at it. {person.username} is never told who reported.
        {isBlocked && ` ${person.username} is blocked.`}
      </p>
      <Button variant="primary" wide data-autofocus onClick={onClose}>
        Done
      </Button>
      <Link to={paths.reports} className={styles.link} onClick={onClose}>
        See my reports
      </Link>
    </div>
  );
}

interface ThanksProps {
  readonly isBlocked: boolean;
  readonly person: Pick<UserSummary, "username">;
  readonly onClose: () => void;
}

interface ReportDialogProps {
  readonly kind: ReportKind;
  readonly id: string;
  /** Whose it is. */
  readonly person: Pick<UserSummary, "id" | "username">;
  readonly onClose: () => void;
}

export default function ReportDialog({ kind, id, person, onClose }: ReportDialogProps) {
  const [reason, setReason] = useState<ReportReason | null>(null);
  const [text, setText] = useState("");
  const [blocks, setBlocks] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [done, setDone] = useState<{ isBlocked: boolean } | null>(null);

  const send = async () => {
    if (!reason) return;
    setBusy(true);
    setProblem(null);
    try {
      await report({ target_kind: kind, target_id: id, reason, text: text.trim() });
    } catch (error) {
      setBusy(false);
      setProblem(sentence(error));
      return;
    }
    // The report stands, whatever becomes of the block.
    const isBlocked = blocks && (await tryToBlock(person));
    setDone({ isBlocked });
  };
  // What is shown below is asked for anew when the dialog is closed: it may take the dialog with it.
  const close = () => {
    onClose();
    if (done?.isBlocked) showBlocked(person.id);
  };

  return (
    <Dialog title={done ? "Reported" : `Report this ${kindInWords(kind)}`} onClose={close}>
      {done ? (
        <Thanks isBlocked={done.isBlocked} person={person} onClose={close} />
      ) : (
        <div className={styles.body}>
          {problem && <Problem>{problem}</Problem>}
          <Reasons chosen={reason} onChoose={setReason} />
          <TextArea
            label="Anything else we should know? (optional)"
            rows={2}
            value={text}
            limit={TEXT_MAX}
            onChange={(event) => setText(event.target.value)}
          />
          <Switch
            label={`Block ${person.username} as well`}
            hint="You no longer see each other. They are not told."
            checked={blocks}
            onChange={setBlocks}
          />
          <Button
            variant="primary"
            wide
            busy={isBusy}
            disabled={!reason || length(text.trim()) > TEXT_MAX}
            onClick={() => void send()}
          >
            Send report
          </Button>
        </div>
      )}
    </Dialog>
  );
}

async function tryToBlock(person: Pick<UserSummary, "id" | "username">): Promise<boolean> {
  try {
    await block(person.id);
    return true;
  } catch (error) {
    toast(`${person.username} is not blocked. ${sentence(error)}`, { tone: "error" });
    return false;
  }
}
