// Deleting the account: what follows, when, and the password once more.
import { askToDelete } from "@/api/queries/credentials";
import { useLimits } from "@/api/queries/instance";
import { toast } from "@/lib/announce";
import { longDate } from "@/lib/time";
import { Note } from "@/ui/Notice";
import { FormDialog, OwnPassword } from "./FormDialog";
import styles from "./parts.module.css";

const DAY_MS = 24 * 60 * 60_000;

export function DeleteDialog({ onClose }: { onClose: () => void }) {
  const grace = useLimits().delete_grace_days * DAY_MS;
  const date = longDate(new Date(Date.now() + grace).toISOString());
  return (
    <FormDialog
      title="Delete your account"
      button="Delete my account"
      danger
      onClose={onClose}
      work={async (value) => {
        const when = longDate(await askToDelete(value("password")));
        toast(`Your account will be erased on ${when}. Log in before then to keep it.`);
      }}
    >
      {(errors) => (
        <>
          <ul className={styles.points}>
            <li>From now on nobody sees your profile, posts and comments.</li>
            <li>You are logged out everywhere, and your access tokens end.</li>
            <li>
              On <strong>{date}</strong> all of it is erased: posts and pictures, comments, likes,
              followers, and what you wrote in messages.
            </li>
            <li>Nobody can bring it back after that.</li>
          </ul>
          <Note>Until {date} you can log in and stay.</Note>
          <OwnPassword error={errors.password} isFirst />
        </>
      )}
    </FormDialog>
  );
}
