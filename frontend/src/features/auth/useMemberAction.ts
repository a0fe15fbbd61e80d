// What only signed-in people can do: visitors are taken to log-in and come back.
import { useLocation, useNavigate } from "react-router";
import { session } from "@/api/session";
import { paths } from "@/lib/paths";
import { useStore } from "@/lib/store";

/** Wraps an action; a visitor who tries it is asked to log in. */
export function useMemberAction(): (action: () => void) => void {
  const isMember = useStore(session.status) === "signed-in";
  const navigate = useNavigate();
  const { pathname, search } = useLocation();
  return (action) => {
    if (isMember) action();
    else navigate(`${paths.login}?next=${encodeURIComponent(pathname + search)}`);
  };
}
