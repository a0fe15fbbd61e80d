#!/usr/bin/env bash
# Bring the database of a stage to a release, by one of its hosts, before hosts run that release.
#
#   migrate.sh GROUP DOCUMENT VERSION SHA256
#
# GROUP is the Auto Scaling group, DOCUMENT the SSM document of the app stack. Ends with 0 when the
# migrations are done. A group without hosts has nobody to ask: its first host migrates when it comes.
set -euo pipefail

group=$1 document=$2 version=$3 sha256=$4

host=$(aws autoscaling describe-auto-scaling-groups --auto-scaling-group-names "$group" \
    --query "AutoScalingGroups[0].Instances[?LifecycleState=='InService'].InstanceId | [0]" --output text)
if [[ $host == None ]]; then
    echo "$group has no host; the first one will migrate."
    exit 0
fi

command=$(aws ssm send-command --document-name "$document" --instance-ids "$host" \
    --parameters "version=$version,sha256=$sha256" --query Command.CommandId --output text)
echo "$host migrates for $version ($command)."

ask() {
    aws ssm get-command-invocation --command-id "$command" --instance-id "$host" --query "$1" --output text
}

status=Pending
while [[ $status == Pending || $status == InProgress || $status == Delayed ]]; do
    sleep 5
    status=$(ask Status)
done
ask StandardOutputContent
ask StandardErrorContent >&2
[[ $status == Success ]] || {
    echo "The migration ended as $status; nothing that runs was changed." >&2
    exit 1
}
