// Log in by user name or e-mail.
import { type FormEvent, useEffect, useRef, useState } from "react";
import { Link, useLocation } from "react-router";
import { type ApiError, asApiError } from "@/api/problem";
import { logIn } from "@/api/queries/auth";
import { session } from "@/api/session";
import { paths } from "@/lib/paths";
import { useTitle } from "@/lib/title";
import { Button } from "@/ui/Button";
import { PasswordField, TextField } from "@/ui/Field";
import { AuthCard } from "./AuthCard";
import styles from "./AuthCard.module.css";

export default function LoginPage() {
  useTitle("Log in");
  const { search, state } = useLocation();
  const [error, setError] = useState<ApiError | null>(null);
  const [isBusy, setBusy] = useState(false);
  const passwordRef = useRef<HTMLInputElement>(null);

  // Who comes by a "Log in" link may still have a session that this browser forgot to tell of.
  useEffect(() => {
    if ((state as { ask?: boolean } | null)?.ask && session.isUnknown) void session.ask();
  }, [state]);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setError(null);
    try {
      await logIn(String(form.get("login")).trim(), String(form.get("password")));
    } catch (problem) {
      setError(asApiError(problem));
      setBusy(false);
      passwordRef.current?.focus();
    }
  };

  return (
    <AuthCard
      title="Welcome back"
      foot={
        <>
          New here? <Link to={paths.signup + search}>Create an account</Link>
        </>
      }
    >
      <form className={styles.form} onSubmit={submit}>
        {error && (
          <p className={styles.problem} role="alert">
            {error.message}
          </p>
        )}
        <TextField
          label="Username or e-mail"
          name="login"
          required
          autoComplete="username"
          autoCapitalize="off"
          spellCheck={false}
        />
        <PasswordField
          label="Password"
          name="password"
          required
          autoComplete="current-password"
          ref={passwordRef}
        />
        <Button type="submit" variant="primary" wide busy={isBusy}>
          Log in
        </Button>
      </form>
    </AuthCard>
  );
}
