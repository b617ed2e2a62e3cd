#!/bin/sh
# Takes the native libraries of all platforms but Linux on x86-64 and arm64 (glibc) out of the jars in these folders.
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
            jar cfM "$jar" .
        )
        rm -r "$work"
    done
done
