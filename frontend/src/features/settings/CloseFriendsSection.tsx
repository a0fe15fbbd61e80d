// Close friends: who is among them, and whom to add.
import { useInfiniteQuery } from "@tanstack/react-query";
import { Search, Star } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { closeFriendsQuery } from "@/api/queries/relations";
import { closeFriend } from "@/features/profile/relations";
import { Button } from "@/ui/Button";
import { PeopleList } from "@/ui/PeopleList";
import styles from "./people.module.css";

const AddCloseFriendDialog = lazy(() => import("./AddCloseFriendDialog"));

export default function CloseFriendsSection() {
  const [isAdding, setAdding] = useState(false);
  return (
    <>
      <div className={styles.head}>
        <p className={styles.text}>
          They see what you share with close friends. Nobody is told who is among them.
        </p>
        <Button onClick={() => setAdding(true)}>
          <Search size={18} /> Add
        </Button>
      </div>
      <PeopleList
        query={useInfiniteQuery(closeFriendsQuery)}
        empty="No close friends yet"
        emptyIcon={<Star size={30} strokeWidth={1.6} />}
        action={(person) => (
          <Button size="small" onClick={() => void closeFriend(person, false)}>
            Remove<span className="visually-hidden"> {person.username}</span>
          </Button>
        )}
      />
      {isAdding && (
        <Suspense fallback={null}>
          <AddCloseFriendDialog onClose={() => setAdding(false)} />
        </Suspense>
      )}
    </>
  );
}
