#!/usr/bin/env bash
# The second step of action.yml: checks, counts, and writes the summary of the job.
set -euo pipefail

check=("$RUNNER_TEMP/portcullis/portcullis" check --color never)
if [ -n "$CONFIG" ]; then check+=(--config "$CONFIG"); fi
if [ -n "$SELECT" ]; then check+=(--select "$SELECT"); fi
if [ -n "$SINCE" ]; then check+=(--since "$SINCE"); fi
if [ -n "$BASELINE" ]; then check+=(--baseline "$BASELINE"); fi
if [ -n "$FAIL_ON" ]; then check+=(--fail-on "$FAIL_ON"); fi
paths=()
while IFS= read -r path; do
    if [ -n "$path" ]; then paths+=("$path"); fi
done <<<"$CHECKED"
if [ "${#paths[@]}" -eq 0 ]; then paths=(.); fi

# A check takes less time than a program that takes a report apart would: there is one for each reader.
status=0
report=$RUNNER_TEMP/portcullis/report.json
"${check[@]}" --format json --output "$report" -- "${paths[@]}" || status=$?
if [ "$status" -gt 1 ]; then exit "$status"; fi
for severity in errors warnings notes; do
    sed -n "s/^    \"$severity\": \([0-9]*\),$/$severity=\1/p" "$report"
done >>"$GITHUB_OUTPUT"

output=()
if [ -n "$OUTPUT" ]; then output=(--output "$OUTPUT"); fi
"${check[@]}" --format "$FORMAT" ${output[@]+"${output[@]}"} -- "${paths[@]}" || true

# Text of the checked tree: nothing of it may be markup. A summary has at most 1 MiB.
{
    echo "### portcullis"
    echo
    echo "<pre>"
    "${check[@]}" -- "${paths[@]}" | sed -e 's/&/\&amp;/g' -e 's/</\&lt;/g' -e 's/>/\&gt;/g' | head -c 900000 || true
    echo "</pre>"
} >>"$GITHUB_STEP_SUMMARY"

exit "$status"
