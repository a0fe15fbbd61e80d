// A forgotten password: a link by mail. The answer is the same, whether or not there is an account.
import { useState } from "react";
import { Link } from "react-router";
import { forgotPassword } from "@/api/queries/credentials";
import { paths } from "@/lib/paths";
import { useTitle } from "@/lib/title";
import { Button } from "@/ui/Button";
import { TextField } from "@/ui/Field";
import { Problem } from "@/ui/Notice";
import { useSubmit } from "@/ui/submit";
import { AuthCard } from "./AuthCard";
import styles from "./AuthCard.module.css";

const foot = (
  <p>
    <Link to={paths.login}>Back to log-in</Link>
  </p>
);

export default function ForgotPage() {
  useTitle("Forgotten password");
  const [address, setAddress] = useState<string | null>(null);
  const { submit, isBusy, failure } = useSubmit(async (value) => {
    const email = value("email").trim();
    await forgotPassword(email);
    setAddress(email);
  });
  if (address) {
    return (
      <AuthCard
        title="Look into your mail"
        text={
          <span role="status">
            If somebody verified <strong>{address}</strong> here, a link to choose a new password is
            on its way there. It is good for one hour.
          </span>
        }
        foot={foot}
      >
        <Button wide onClick={() => setAddress(null)}>
          Use another address
        </Button>
      </AuthCard>
    );
  }
  return (
    <AuthCard
      title="Forgot your password?"
      text="Type the e-mail address of your account. We send a link to choose a new password."
      foot={foot}
    >
      <form className={styles.form} onSubmit={submit}>
        {failure?.rest && <Problem>{failure.rest}</Problem>}
        <TextField
          label="E-mail"
          name="email"
          type="email"
          required
          autoComplete="email"
          error={failure?.fields.email}
        />
        <Button type="submit" variant="primary" wide busy={isBusy}>
          Send the link
        </Button>
      </form>
    </AuthCard>
  );
}
