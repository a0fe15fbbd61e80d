// The first step: files chosen, dropped, pasted or taken with the camera, with the limits told beforehand.
import { Camera, Images, Video } from "lucide-react";
import { type ReactNode, useId } from "react";
import { useMediaQuery } from "@/lib/media";
import { classes } from "@/ui/classes";
import { acceptOf, describeLeft, describeRules, type UploadRules } from "./draft/rules";
import { receive } from "./incoming";
import styles from "./PickStep.module.css";

interface PickButtonProps {
  readonly accept: string;
  readonly className: string | undefined;
  readonly label: string;
  readonly children: ReactNode;
  /** Opens the camera of a phone instead of its pictures. */
  readonly camera?: boolean;
  /** Where the focus is when the dialog opens. */
  readonly isFirst?: boolean;
}

/** The last picture was taken out, and the focus with it. */
function takeLostFocus(input: HTMLInputElement | null): void {
  if (document.activeElement === document.body) input?.focus();
}

/** A file input dressed as a button. */
export function PickButton({
  accept,
  className,
  label,
  children,
  camera = false,
  isFirst = false,
}: PickButtonProps) {
  const id = useId();
  return (
    <label htmlFor={id} className={className}>
      <input
        id={id}
        type="file"
        multiple={!camera}
        accept={accept}
        capture={camera ? "environment" : undefined}
        aria-label={label}
        data-autofocus={isFirst || undefined}
        ref={isFirst ? takeLostFocus : undefined}
        className={styles.input}
        onChange={(event) => {
          receive(Array.from(event.target.files ?? []));
          event.target.value = "";
        }}
      />
      {children}
    </label>
  );
}

function CameraButtons({ withVideo }: { withVideo: boolean }) {
  const look = classes(styles.button, styles.quiet);
  return (
    <div className={styles.cameras}>
      <PickButton camera accept="image/*" label="Take a picture" className={look}>
        <Camera size={20} aria-hidden="true" />
        Take a picture
      </PickButton>
      {withVideo && (
        <PickButton camera accept="video/*" label="Record a video" className={look}>
          <Video size={20} aria-hidden="true" />
          Record a video
        </PickButton>
      )}
    </div>
  );
}

export function PickStep({ rules }: { rules: UploadRules }) {
  const isPhone = useMediaQuery("(hover: none) and (pointer: coarse)");
  const withVideo = rules.videoTypes.length > 0;
  const left = rules.left && describeLeft(rules.left);
  const what = withVideo ? "pictures and videos" : "pictures";
  return (
    <div className={styles.pick}>
      <div className={styles.mark} aria-hidden="true">
        <Images size={44} strokeWidth={1.4} />
      </div>
      <p className={styles.lead}>
        {isPhone ? `Which ${what} do you want to share?` : `Drag ${what} here, or paste them`}
      </p>
      <PickButton
        isFirst
        accept={acceptOf(rules)}
        label={`Choose ${what}`}
        className={styles.button}
      >
        Choose {what}
      </PickButton>
      {isPhone && <CameraButtons withVideo={withVideo} />}
      <ul className={styles.rules}>
        {describeRules(rules).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {left && <p className={classes(styles.rules, left.isNone && styles.none)}>{left.text}</p>}
      <p className={styles.rules}>Where a picture was taken is removed before anybody sees it.</p>
    </div>
  );
}
