#!/usr/bin/env bash
# What the commands of this folder share; read by them, never run. Paths are those of constants.toml.
# shellcheck disable=SC2034  # each of them uses other names
set -euo pipefail
umask 022

readonly BASE=/opt/jyoti
readonly RELEASES=$BASE/releases
readonly CURRENT=$BASE/current
readonly ASSETS=$BASE/assets
readonly ENVIRONMENT=/etc/jyoti/jyoti.env
readonly STAGE=/etc/jyoti/stage.env
readonly PROFILE=/etc/jyoti/profile
readonly RUNTIME=/run/jyoti
readonly SECRETS=$RUNTIME/secrets
readonly DRAINING=$RUNTIME/draining
readonly ACCOUNT=jyoti
readonly HTTP_PORT=8081
readonly WEBSOCKET_PORT=8082
readonly KEPT_RELEASES=3

say() {
    printf '%s\n' "$*" >&2
}

die() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

# The comment at the top of a command is its help.
help() {
    sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"
}

need_root() {
    ((EUID == 0)) || die "has to run as root (sudo)"
}

need() {
    local name
    for name in "$@"; do
        command -v "$name" >/dev/null || die "$name is not installed; deploy/bin/bootstrap installs it"
    done
}

# One JSON line for the log group "deploy": event NAME, then KEY VALUE pairs of plain text.
event() {
    local line
    line="{\"time\":\"$(date --utc +%FT%TZ)\",\"level\":\"${LEVEL:-INFO}\",\"logger\":\"deploy\",\"event\":\"$1\""
    shift
    while (($# > 1)); do
        line+=",\"$1\":\"${2//[\"\\]/}\""
        shift 2
    done
    line+="}"
    say "$line"
    # Of a unit the journal reads that line already.
    [[ ${JOURNAL_STREAM:-} ]] || logger --tag jyoti-deploy -- "$line" 2>/dev/null || true
}

one_at_a_time() {
    exec {lock}>/run/lock/jyoti-deploy.lock
    flock --nonblock "$lock" || die "another deploy or rollback is running on this host"
}

# The release that a link or folder name stands for; empty when there is none.
version_of() {
    local folder
    folder=$(readlink --canonicalize-existing "$1" 2>/dev/null) || return 0
    printf '%s' "${folder##*/}"
}

# The lines KEY=value of a systemd environment file, each ended by NUL; one pair of quotes is dropped.
environment_of() {
    local line name value
    while IFS= read -r line || [[ $line ]]; do
        [[ $line =~ ^([A-Z_][A-Z0-9_]*)=(.*)$ ]] || continue
        name=${BASH_REMATCH[1]} value=${BASH_REMATCH[2]}
        [[ $value =~ ^\"(.*)\"$ || $value =~ ^\'(.*)\'$ ]] && value=${BASH_REMATCH[1]}
        printf '%s=%s\0' "$name" "$value"
    done <"$1"
}

# The value of one of them in this host's environment; empty where it is not set.
setting() {
    environment_of "$ENVIRONMENT" | tr '\0' '\n' | sed -n "s/^$1=//p"
}

# Run a command in the folder of a release as the services run: their account, environment, secrets.
as_service() (
    local folder=$1 settings=() account=()
    shift
    [[ -r $ENVIRONMENT ]] || die "$ENVIRONMENT is missing or not readable"
    mapfile -d '' settings < <(environment_of "$ENVIRONMENT" && { [[ ! -r $STAGE ]] || environment_of "$STAGE"; })
    if ((EUID == 0)); then
        account=(setpriv "--reuid=$ACCOUNT" "--regid=$ACCOUNT" --init-groups --no-new-privs --inh-caps=-all)
    fi
    umask 027
    cd "$folder" || die "$folder is missing"
    "${account[@]}" env --ignore-environment PATH=/usr/local/bin:/usr/bin:/bin HOME=/var/lib/jyoti \
        LANG=C.UTF-8 PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
        DJANGO_SETTINGS_MODULE=config.settings.production JYOTI_PROCESS=command \
        JYOTI_RUNTIME_DIRECTORY=$RUNTIME SECRETS_DIRECTORY=$SECRETS JYOTI_DRAIN_FILE=$DRAINING "${settings[@]}" "$@"
)

# The release that this command lies in.
own_release() {
    readlink --canonicalize "$(dirname "$(readlink --canonicalize "$0")")/../.."
}

# Run a module of deploy/hosts with the Python of this release and what the stage's file says.
host_command() {
    local stage=()
    [[ ! -r $STAGE ]] || mapfile -d '' stage < <(environment_of "$STAGE")
    cd "$(own_release)"
    exec env "${stage[@]}" .venv/bin/python -m "deploy.hosts.$1" "${@:2}"
}

# The unit of the WebSocket gateway that this host has chosen.
gateway() {
    if systemctl --quiet is-enabled jyoti-ws-daphne.service 2>/dev/null; then
        echo jyoti-ws-daphne.service
    else
        echo jyoti-ws.service
    fi
}

# Make a release the running one: its units, its link, its processes. 1 when they do not start.
activate() {
    local version=$1 folder=$RELEASES/$1
    "$folder/deploy/bin/bootstrap" --units || return
    # Pages that are open still ask for the hashed files of their release; nginx finds all of them here.
    cp --archive --link --no-clobber --no-target-directory "$folder/frontend/dist/assets" "$ASSETS"
    ln --symbolic --no-dereference --force "$folder" "$CURRENT.new"
    mv --no-target-directory "$CURRENT.new" "$CURRENT"
    touch "$folder/.installed"
    systemctl reset-failed 'jyoti-*' 2>/dev/null || true
    systemctl restart jyoti-http.service "$(gateway)" jyoti-worker.service || return
    systemctl start jyoti.target
}

# Ask the server on this host as its proxy would, and print the answer; 1 when it is not 2xx.
ask() {
    local host
    host=$(setting ALLOWED_HOSTS)
    python3 -c 'import sys, urllib.request
url, host = sys.argv[1:]
headers = {"Host": host, "X-Forwarded-Proto": "https", "X-Forwarded-For": "127.0.0.1"}
request = urllib.request.Request(url, headers=headers)
print(urllib.request.urlopen(request, timeout=4).read().decode())' "http://127.0.0.1:$1$2" "${host%%,*}"
}

runs_as() {
    ask $HTTP_PORT /readyz >/dev/null && ask $WEBSOCKET_PORT /readyz >/dev/null &&
        ask $HTTP_PORT /api/v1/instance | grep --quiet --fixed-strings "\"version\":\"$1\"" &&
        systemctl --quiet is-active jyoti-worker.service
}

# Wait until everything answers, and as this release; 1 when it does not within 90 s.
wait_until_runs() {
    local version=$1 end=$((SECONDS + 90))
    until runs_as "$version" 2>/dev/null; do
        ((SECONDS < end)) || return 1
        sleep 0.5
    done
}

# The folders of the installed releases, the one that was started last first.
installed() {
    find "$RELEASES" -mindepth 2 -maxdepth 2 -name .installed -printf '%T@ %h\n' | sort -rn | cut -d' ' -f2-
}

# Keep the releases that ran last; drop what did not get that far, and hashed files of none of them.
prune() {
    local folder
    for folder in "$RELEASES"/*/; do
        [[ -e $folder/.installed ]] || rm --recursive --force "$folder"
    done
    while IFS= read -r folder; do
        rm --recursive --force "$folder"
    done < <(installed | tail -n "+$((KEPT_RELEASES + 1))")
    find "$ASSETS" -type f -links 1 -delete
}
