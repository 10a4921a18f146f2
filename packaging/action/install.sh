#!/usr/bin/env bash
# The first step of action.yml: downloads the program of a release and verifies it.
set -euo pipefail

# Not in the checked tree, where anybody may have put files for what is started here to find.
mkdir -p "$RUNNER_TEMP/portcullis"
cd "$RUNNER_TEMP/portcullis"

version=${RELEASE#v}
if [ -z "$version" ]; then
    version=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$GITHUB_ACTION_PATH/Cargo.toml" | head -n 1)
fi
if ! [[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.]+)?$ ]]; then
    echo "portcullis: the input \`version\` has to be a version such as 0.1.0" >&2
    exit 2
fi

case "$RUNNER_OS-$RUNNER_ARCH" in
Linux-X64) target=x86_64-unknown-linux-musl ;;
Linux-ARM64) target=aarch64-unknown-linux-musl ;;
macOS-X64) target=x86_64-apple-darwin ;;
macOS-ARM64) target=aarch64-apple-darwin ;;
Windows-*) target=x86_64-pc-windows-msvc ;;
*)
    echo "portcullis: there is no program for $RUNNER_OS on $RUNNER_ARCH" >&2
    exit 2
    ;;
esac
case "$target" in
*-windows-*) archive=portcullis-$target.zip ;;
*) archive=portcullis-$target.tar.gz ;;
esac

for file in "$archive" "$archive.sha256"; do
    curl --fail --silent --show-error --location --proto '=https' --retry 3 --output "$file" \
        "https://github.com/$REPOSITORY/releases/download/v$version/$file"
done

if command -v sha256sum >/dev/null; then
    digest=$(sha256sum <"$archive")
else
    digest=$(shasum -a 256 <"$archive")
fi
read -r expected _ <"$archive.sha256"
if [ "${digest%% *}" != "$expected" ]; then
    echo "portcullis: the checksum of $archive is not the one of release $version" >&2
    exit 2
fi
# The checksum lies beside the archive; who built the archive is signed elsewhere.
if [ "$GITHUB_SERVER_URL" = https://github.com ] && [ -n "$GH_TOKEN" ] && command -v gh >/dev/null; then
    gh attestation verify "$archive" --repo "$REPOSITORY" \
        --signer-workflow "$REPOSITORY/.github/workflows/release.yml"
else
    echo "portcullis: the attestation of $archive was not verified: that needs gh and a token of github.com"
fi

case "$archive" in
*.zip) unzip -q -o "$archive" ;;
*) tar -xzf "$archive" ;;
esac
mv "portcullis-$target/portcullis"* .
./portcullis --version
