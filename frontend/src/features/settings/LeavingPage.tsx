// All that somebody sees whose account is about to be erased: when, and the way back.
import { useState } from "react";
import { sentence } from "@/api/problem";
import { logOut } from "@/api/queries/auth";
import { cancelDelete } from "@/api/queries/credentials";
import { useSiteName } from "@/api/queries/instance";
import { useMe } from "@/api/queries/me";
import { AuthCard } from "@/features/auth/AuthCard";
import styles from "@/features/auth/AuthCard.module.css";
import { toast } from "@/lib/announce";
import { longDate } from "@/lib/time";
import { useDocumentTitle, useTitle } from "@/lib/title";
import { Button } from "@/ui/Button";
import { Problem } from "@/ui/Notice";

export default function LeavingPage() {
  const me = useMe();
  useTitle("Your account will be erased");
  useDocumentTitle(useSiteName());
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const stay = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await cancelDelete();
      toast("Good to have you back. Nothing was erased.");
    } catch (error) {
      setProblem(sentence(error));
      setBusy(false);
    }
  };
  return (
    <main>
      <AuthCard
        title={
          me?.delete_after
            ? `Your account will be erased on ${longDate(me.delete_after)}`
            : "Your account will be erased"
        }
        text="Until then nobody sees it, and you can come back: your posts, messages and followers are still there."
      >
        <div className={styles.form}>
          {problem && <Problem>{problem}</Problem>}
          <Button variant="primary" wide busy={isBusy} onClick={() => void stay()}>
            Stay
          </Button>
          <Button wide onClick={() => void logOut()}>
            Sign out
          </Button>
        </div>
      </AuthCard>
    </main>
  );
}
