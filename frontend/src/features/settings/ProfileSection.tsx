// Change what others see of oneself.
import { type FormEvent, useEffect, useState } from "react";
import { useNavigate } from "react-router";
import { type ApiError, asApiError, sentence } from "@/api/problem";
import { useAcceptedTypes, useLimits } from "@/api/queries/instance";
import { changeMe, removeAvatar, setAvatar, useMe } from "@/api/queries/me";
import type { Me } from "@/api/types";
import { toast } from "@/lib/announce";
import { paths } from "@/lib/paths";
import { bytes, length } from "@/lib/text";
import { Avatar } from "@/ui/Avatar";
import { Button } from "@/ui/Button";
import { TextArea, TextField } from "@/ui/Field";
import styles from "./parts.module.css";

function AvatarEditor({ me }: { me: Me }) {
  const types = useAcceptedTypes().images;
  const limits = useLimits();
  const [isBusy, setBusy] = useState(false);

  const run = async (work: () => Promise<void>, done: string) => {
    setBusy(true);
    try {
      await work();
      toast(done);
    } catch (error) {
      toast(`Not changed. ${sentence(error)}`, { tone: "error" });
    } finally {
      setBusy(false);
    }
  };
  const pick = (file: File | undefined) => {
    if (!file) return;
    if (!types.includes(file.type) || file.size > limits.picture_bytes) {
      toast(`Choose a picture of at most ${bytes(limits.picture_bytes)}.`, { tone: "error" });
      return;
    }
    void run(() => setAvatar(file), "Your picture is changed.");
  };
  return (
    <div className={styles.avatar} aria-busy={isBusy}>
      <Avatar person={me} size={72} />
      <div className={styles.avatarButtons}>
        <label className={styles.upload}>
          <input
            type="file"
            accept={types.join(",")}
            disabled={isBusy}
            onChange={(event) => {
              pick(event.target.files?.[0]);
              event.target.value = "";
            }}
          />
          {isBusy ? "Uploading…" : "Change picture"}
        </label>
        {me.avatar_url && (
          <Button disabled={isBusy} onClick={() => void run(removeAvatar, "Your picture is gone.")}>
            Remove
          </Button>
        )}
      </div>
    </div>
  );
}

/** Asks before what was typed is lost. */
function useUnsavedGuard(isDirty: boolean) {
  useEffect(() => {
    if (!isDirty) return undefined;
    const guard = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", guard);
    return () => removeEventListener("beforeunload", guard);
  }, [isDirty]);
}

function lines(text: string): string[] {
  return text.split("\n").flatMap((line) => {
    const link = line.trim();
    if (!link) return [];
    return /^https?:\/\//i.test(link) ? link : `https://${link}`;
  });
}

function ProfileForm({ me }: { me: Me }) {
  const limits = useLimits();
  const navigate = useNavigate();
  const [name, setName] = useState(me.display_name);
  const [pronouns, setPronouns] = useState(me.pronouns);
  const [bio, setBio] = useState(me.bio);
  const [links, setLinks] = useState(me.links.join("\n"));
  const [error, setError] = useState<ApiError | null>(null);
  const [isBusy, setBusy] = useState(false);
  const isDirty =
    name !== me.display_name ||
    pronouns !== me.pronouns ||
    bio !== me.bio ||
    links !== me.links.join("\n");
  useUnsavedGuard(isDirty);
  const linkError = Object.entries(error?.fields ?? {}).find(([field]) =>
    field.startsWith("links"),
  );

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await changeMe({ display_name: name, pronouns, bio, links: lines(links) });
      toast("Saved.");
      navigate(paths.profile(me.username));
    } catch (problem) {
      const failure = asApiError(problem);
      setError(failure);
      if (Object.keys(failure.fields).length === 0) {
        toast(`Not saved. ${failure.message}`, { tone: "error" });
      }
    } finally {
      setBusy(false);
    }
  };

  return (
    <form className={styles.form} onSubmit={submit}>
      <TextField
        label="Name"
        autoComplete="name"
        value={name}
        error={error?.fields.display_name}
        onChange={(event) => setName(event.target.value)}
      />
      <TextField
        label="Pronouns"
        value={pronouns}
        error={error?.fields.pronouns}
        onChange={(event) => setPronouns(event.target.value)}
      />
      <TextArea
        label="About you"
        value={bio}
        limit={limits.bio}
        error={error?.fields.bio}
        onChange={(event) => setBio(event.target.value)}
      />
      <TextArea
        label="Links"
        hint="One in a line, up to five."
        rows={2}
        value={links}
        error={linkError?.[1]}
        onChange={(event) => setLinks(event.target.value)}
      />
      <div className={styles.save}>
        <Button
          type="submit"
          variant="primary"
          wide
          busy={isBusy}
          disabled={!isDirty || length(bio) > limits.bio}
        >
          Save
        </Button>
      </div>
    </form>
  );
}

export default function ProfileSection() {
  const me = useMe();
  return (
    me && (
      <>
        <div className={styles.form}>
          <AvatarEditor me={me} />
        </div>
        <ProfileForm key={me.id} me={me} />
      </>
    )
  );
}
