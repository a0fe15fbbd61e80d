// Personal tokens: keys for programs, each with fewer rights than their owner has.
import { useQuery } from "@tanstack/react-query";
import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import { sentence } from "@/api/problem";
import { removeToken, tokensQuery } from "@/api/queries/security";
import type { NewToken, Token } from "@/api/types";
import { toast } from "@/lib/announce";
import { calendarDate, inWords } from "@/lib/time";
import { Button } from "@/ui/Button";
import { ConfirmDialog } from "@/ui/Dialog";
import { EmptyState, ErrorState } from "@/ui/States";
import { Group, GroupSkeleton, Groups } from "./parts";
import parts from "./parts.module.css";
import styles from "./Rows.module.css";
import { scopesInWords } from "./scopes";
import { TokenForm, TokenText } from "./TokenDialogs";

function TokenRow({ token }: { token: Token }) {
  const [asks, setAsks] = useState(false);
  const remove = async () => {
    try {
      await removeToken(token.id);
      toast(`${token.name} no longer works.`);
    } catch (error) {
      toast(sentence(error), { tone: "error" });
    }
  };
  return (
    <li className={parts.item}>
      <span className={styles.icon}>
        <KeyRound size={20} strokeWidth={1.7} aria-hidden="true" />
      </span>
      <div className={styles.words}>
        <h3 className={parts.name}>{token.name}</h3>
        <p className={parts.note}>{scopesInWords(token.scopes)}</p>
        <p className={parts.note}>
          {token.last_used_at ? `Last used ${inWords(token.last_used_at)}` : "Never used"}, ends{" "}
          {calendarDate(token.expires_at)}
        </p>
      </div>
      <Button size="small" variant="danger" onClick={() => setAsks(true)}>
        Remove<span className="visually-hidden"> {token.name}</span>
      </Button>
      {asks && (
        <ConfirmDialog
          title="Remove this token?"
          text={`Programs that use ${token.name} can no longer do anything in your name.`}
          confirm="Remove"
          onConfirm={() => void remove()}
          onClose={() => setAsks(false)}
        />
      )}
    </li>
  );
}

function List({ tokens, onNew }: { tokens: readonly Token[]; onNew: () => void }) {
  if (tokens.length === 0) {
    return (
      <EmptyState
        icon={<KeyRound size={30} strokeWidth={1.6} />}
        title="No access tokens"
        text="A token lets a program of yours use your account, with just the rights that you give it."
      >
        <Button variant="primary" onClick={onNew}>
          New token
        </Button>
      </EmptyState>
    );
  }
  return (
    <Groups>
      <Group title="Programs with access">
        <ul className={styles.rows}>
          {tokens.map((token) => (
            <TokenRow key={token.id} token={token} />
          ))}
        </ul>
      </Group>
      <div className={parts.buttons}>
        <Button variant="primary" onClick={onNew}>
          <Plus size={18} aria-hidden="true" />
          New token
        </Button>
      </div>
    </Groups>
  );
}

export default function TokensSection() {
  const query = useQuery(tokensQuery);
  const [isMaking, setMaking] = useState(false);
  const [made, setMade] = useState<NewToken | null>(null);
  if (query.isPending) return <GroupSkeleton label="Loading tokens" />;
  if (query.isError) return <ErrorState error={query.error} retry={() => void query.refetch()} />;
  return (
    <>
      <List tokens={query.data} onNew={() => setMaking(true)} />
      {isMaking && (
        <TokenForm
          onMade={(token) => {
            setMaking(false);
            setMade(token);
          }}
          onClose={() => setMaking(false)}
        />
      )}
      {made && <TokenText token={made} onClose={() => setMade(null)} />}
    </>
  );
}
