#!/bin/sh
# consume.sh BUILD WORK CC: installs BUILD below WORK, moves what was installed (nothing may hold the path it was
# installed to), and builds and runs a three-line program against it: by find_package and by pkg-config, shared and static.
set -eu
build=$1 work=$2 cc=$3
here=$(cd "$(dirname "$0")" && pwd)
rm -rf "$work"
mkdir -p "$work"
cmake --install "$build" --prefix "$work/installed" >"$work/install.log"
mv "$work/installed" "$work/prefix"
prefix=$work/prefix
libdir=$(dirname "$(find "$prefix" -name libleash.so | head -n 1)")
export LEASH_OPTIONS=

# run PROGRAM LINKED: it runs well, and needs libleash.so.0 exactly if LINKED is "shared".
run() {
    LD_LIBRARY_PATH=$libdir "$1" || { echo "$1: exit $?"; exit 1; }
    needed=static
    readelf -d "$1" | grep -q 'NEEDED.*libleash\.so\.0\]' && needed=shared
    [ "$needed" = "$2" ] || { echo "$1: is linked $needed, not $2"; exit 1; }
    echo "$1: ok"
}

cmake -S "$here/consumer" -B "$work/cmake" -G Ninja -DCMAKE_C_COMPILER="$cc" -DCMAKE_PREFIX_PATH="$prefix" >"$work/cmake.log"
cmake --build "$work/cmake" >"$work/build.log" || { cat "$work/build.log"; exit 1; }
run "$work/cmake/shared" shared
run "$work/cmake/static" static

# Flags are words on purpose.
# shellcheck disable=SC2046
PKG_CONFIG_PATH=$libdir/pkgconfig sh -c '"$1" "$2" $(pkg-config --cflags --libs leash) -o "$3"' - \
    "$cc" "$here/consumer/main.c" "$work/pc_shared"
run "$work/pc_shared" shared

# Where only the archive is installed, the private requirements must be enough to link it.
cp -a "$prefix" "$work/archive"
rm "$work/archive/${libdir#"$prefix"/}"/libleash.so*
PKG_CONFIG_PATH=$work/archive/${libdir#"$prefix"/}/pkgconfig \
    sh -c '"$1" "$2" $(pkg-config --static --cflags --libs leash) -o "$3"' - \
    "$cc" "$here/consumer/main.c" "$work/pc_static"
run "$work/pc_static" static

"$prefix/bin/leash" --version
rm -rf "$work"
