// Create an account.
import { type FormEvent, useRef, useState } from "react";
import { Link, useLocation } from "react-router";
import { type ApiError, asApiError } from "@/api/problem";
import { register } from "@/api/queries/auth";
import { useLimits } from "@/api/queries/instance";
import { paths } from "@/lib/paths";
import { useTitle } from "@/lib/title";
import { Button } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { PasswordField, TextField } from "@/ui/Field";
import { AuthCard } from "./AuthCard";
import styles from "./AuthCard.module.css";
import { useUsernameCheck } from "./useUsernameCheck";

const FIELDS = ["username", "display_name", "email", "password"] as const;

/** 0 to 4: length counts most, then variety. */
function strength(password: string): number {
  if (password.length < 8) return 0;
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^a-zA-Z\d]/].filter((kind) =>
    kind.test(password),
  ).length;
  return Math.min(4, 1 + Math.floor((password.length - 8) / 4) + (kinds > 2 ? 1 : 0));
}

const STRENGTHS = ["too short", "fair", "good", "strong", "very strong"] as const;

function StrengthMeter({ password }: { password: string }) {
  const value = strength(password);
  return (
    <div>
      <div className={styles.meter} aria-hidden="true">
        {[1, 2, 3, 4].map((step) => (
          <span key={step} className={classes(step <= value && styles.on)} />
        ))}
      </div>
      <span className="visually-hidden">Password strength: {STRENGTHS[value]}</span>
    </div>
  );
}

export default function SignupPage() {
  useTitle("Create an account");
  const { search } = useLocation();
  const limits = useLimits();
  const formRef = useRef<HTMLFormElement>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const check = useUsernameCheck(username);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? "").trim();
    setBusy(true);
    setError(null);
    try {
      await register({
        username,
        email: text("email"),
        password,
        ...(text("display_name") && { display_name: text("display_name") }),
      });
    } catch (problem) {
      const failure = asApiError(problem);
      setError(failure);
      setBusy(false);
      const bad = FIELDS.find((field) => failure.fields[field]);
      if (bad) formRef.current?.querySelector<HTMLInputElement>(`[name=${bad}]`)?.focus();
    }
  };

  const isOther = error && !FIELDS.some((field) => error.fields[field]);
  return (
    <AuthCard
      title="Your people, your pictures. Nothing else."
      foot={
        <>
          Have an account? <Link to={paths.login + search}>Log in</Link>
        </>
      }
    >
      <form ref={formRef} className={styles.form} onSubmit={submit}>
        {isOther && (
          <p className={styles.problem} role="alert">
            {error.message}
          </p>
        )}
        <TextField
          label="E-mail"
          name="email"
          type="email"
          required
          autoComplete="email"
          error={error?.fields.email}
        />
        <TextField
          label="Username"
          name="username"
          required
          minLength={limits.username_min}
          maxLength={limits.username_max}
          autoComplete="username"
          autoCapitalize="off"
          spellCheck={false}
          value={username}
          onChange={(event) => setUsername(event.target.value.toLowerCase().trim())}
          error={check.state === "taken" ? check.message : error?.fields.username}
          hint={
            <span role="status">
              {check.state === "free" ? (
                <span className={styles.good}>{username} is free.</span>
              ) : (
                "Letters a–z, digits, dot and underscore."
              )}
            </span>
          }
        />
        <TextField
          label="Name (optional)"
          name="display_name"
          autoComplete="name"
          error={error?.fields.display_name}
        />
        <PasswordField
          label="Password"
          name="password"
          required
          minLength={limits.password_min}
          maxLength={limits.password_max}
          autoComplete="new-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          error={error?.fields.password}
          hint={`At least ${limits.password_min} characters.`}
        />
        <StrengthMeter password={password} />
        <Button type="submit" variant="primary" wide busy={isBusy}>
          Create account
        </Button>
      </form>
    </AuthCard>
  );
}
