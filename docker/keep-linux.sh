#!/bin/sh
# Removes native libraries from the jars in the given folders, except those for Linux with glibc on x86-64 and arm64. They take
# two thirds of an image. The result is reproducible, so the layer with these jars is stored and pushed only once.
set -eu
for folder in "$@"; do
    for jar in "$folder"/rocksdbjni-*.jar "$folder"/zstd-jni-*.jar "$folder"/snappy-java-*.jar; do
        [ -f "$jar" ] || continue
        jar=$(realpath "$jar")
        work=$(mktemp -d)
        (
            cd "$work"
            jar xf "$jar"
            find . -type f \( -name '*.so' -o -name '*.jnilib' -o -name '*.dylib' -o -name '*.dll' -o -name '*.dll.a' -o -name '*.a' \) \
                ! -name 'librocksdbjni-linux64.so' ! -name 'librocksdbjni-linux-aarch64.so' \
                ! -path './linux/amd64/*' ! -path './linux/aarch64/*' \
                ! -path './org/xerial/snappy/native/Linux/x86_64/*' ! -path './org/xerial/snappy/native/Linux/aarch64/*' \
                -delete
            find . -type f | sort >"$work.files"
            jar --create --no-manifest --date 2026-01-01T00:00:00Z --file "$jar" "@$work.files"
        )
        rm -r "$work" "$work.files"
    done
done
