// Where the link of a mail leads: a new password. Everybody is signed out by it.
import { useState } from "react";
import { useNavigate } from "react-router";
import { asApiError } from "@/api/problem";
import { logOut } from "@/api/queries/auth";
import { resetPassword } from "@/api/queries/credentials";
import { session } from "@/api/session";
import { toast } from "@/lib/announce";
import { paths } from "@/lib/paths";
import { useTitle } from "@/lib/title";
import { Button, ButtonLink } from "@/ui/Button";
import { Problem } from "@/ui/Notice";
import { useSubmit } from "@/ui/submit";
import { AuthCard } from "./AuthCard";
import styles from "./AuthCard.module.css";
import { useLinkToken } from "./fragment";
import { NewPassword } from "./NewPassword";

function NoLink({ wasTried }: { wasTried: boolean }) {
  return (
    <AuthCard
      title={wasTried ? "This link does not work any more" : "This page needs the link of a mail"}
      text={
        <span role={wasTried ? "alert" : undefined}>
          Each link to choose a new password works once, and for one hour.
        </span>
      }
    >
      <ButtonLink variant="primary" wide to={paths.forgot} replace>
        Ask for a new link
      </ButtonLink>
    </AuthCard>
  );
}

function ResetForm({ token, onBad }: { token: string; onBad: () => void }) {
  const navigate = useNavigate();
  const { submit, isBusy, failure } = useSubmit(async (value) => {
    try {
      await resetPassword(token, value("password"));
    } catch (problem) {
      if (asApiError(problem).code !== "bad_token") throw problem;
      onBad();
      return;
    }
    if (session.status.get() === "signed-in") await logOut();
    toast("Your password is changed. Log in with the new one.");
    navigate(paths.login, { replace: true });
  });
  return (
    <AuthCard
      title="Choose a new password"
      text="Every phone and browser that is logged in as you has to log in again."
    >
      <form className={styles.form} onSubmit={submit}>
        {failure?.rest && <Problem>{failure.rest}</Problem>}
        <NewPassword error={failure?.fields.password} />
        <Button type="submit" variant="primary" wide busy={isBusy}>
          Change password
        </Button>
      </form>
    </AuthCard>
  );
}

export default function ResetPage() {
  useTitle("New password");
  const token = useLinkToken();
  const [bad, setBad] = useState<string | null>(null);
  if (!token || token === bad) return <NoLink wasTried={token !== null} />;
  return <ResetForm token={token} onBad={() => setBad(token)} />;
}
