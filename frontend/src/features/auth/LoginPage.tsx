// Log in by user name or e-mail, and by a second step where there is one.
import { useEffect, useState } from "react";
import { Link, useLocation } from "react-router";
import { logIn } from "@/api/queries/auth";
import { session } from "@/api/session";
import { paths } from "@/lib/paths";
import { useTitle } from "@/lib/title";
import { Button } from "@/ui/Button";
import { PasswordField, TextField } from "@/ui/Field";
import { Problem } from "@/ui/Notice";
import { useSubmit } from "@/ui/submit";
import { AuthCard } from "./AuthCard";
import styles from "./AuthCard.module.css";
import { SecondStep } from "./SecondStep";

interface PasswordStepProps {
  readonly login: string;
  readonly isLate: boolean;
  readonly onSecond: (token: string, login: string) => void;
}

function PasswordStep({ login, isLate, onSecond }: PasswordStepProps) {
  const { search } = useLocation();
  const { submit, isBusy, failure } = useSubmit(async (value) => {
    const name = value("login").trim();
    const token = await logIn(name, value("password"));
    if (token) onSecond(token, name);
  });
  const told = failure?.rest ?? (isLate && !failure ? "That took too long. Log in again." : null);
  return (
    <AuthCard
      title="Welcome back"
      foot={
        <p>
          New here? <Link to={paths.signup + search}>Create an account</Link>
        </p>
      }
    >
      <form className={styles.form} onSubmit={submit}>
        {told && <Problem>{told}</Problem>}
        <TextField
          label="Username or e-mail"
          name="login"
          required
          defaultValue={login}
          autoComplete="username"
          autoCapitalize="off"
          spellCheck={false}
          error={failure?.fields.login}
        />
        <PasswordField
          label="Password"
          name="password"
          required
          autoComplete="current-password"
          error={failure?.fields.password}
        />
        <Button type="submit" variant="primary" wide busy={isBusy}>
          Log in
        </Button>
        <Link to={paths.forgot} className={styles.forgot}>
          Forgot your password?
        </Link>
      </form>
    </AuthCard>
  );
}

export default function LoginPage() {
  useTitle("Log in");
  const { state } = useLocation();
  const [login, setLogin] = useState("");
  const [token, setToken] = useState<string | null>(null);
  const [isLate, setLate] = useState(false);

  // Who comes by a "Log in" link may still have a session that this browser forgot to tell of.
  useEffect(() => {
    if ((state as { ask?: boolean } | null)?.ask && session.isUnknown) void session.ask();
  }, [state]);

  const back = (late: boolean) => {
    setLate(late);
    setToken(null);
  };
  if (token) {
    return <SecondStep token={token} onExpired={() => back(true)} onBack={() => back(false)} />;
  }
  return (
    <PasswordStep
      login={login}
      isLate={isLate}
      onSecond={(given, name) => {
        setLogin(name);
        setToken(given);
      }}
    />
  );
}
