#!/bin/sh
# consume.sh BUILD WORK CC: installs BUILD below WORK, moves what was installed (nothing may hold the path it was
# installed to), and builds and runs a three-line program against it: by find_package and by pkg-config, shared and
# static; then the tests that leash_add_test makes.
set -eu
build=$1 work=$2 cc=$3
here=$(cd "$(dirname "$0")" && pwd)
rm -rf "$work"
mkdir -p "$work"
cmake --install "$build" --prefix "$work/installed" >"$work/install.log"
mv "$work/installed" "$work/prefix"
prefix=$work/prefix
libdir=$(dirname "$(find "$prefix" -name libleash.so | head -n 1)")
export LEASH_OPTIONS='' XDG_CONFIG_HOME=/nonexistent

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

# test NAME WORDS: the test of that name, made by leash_add_test, says WORDS.
test_says() {
    ctest --test-dir "$work/cmake" -R "^$1\$" -V >"$work/$1.log" 2>&1 || :
    grep -q "$2" "$work/$1.log" || { echo "test $1 does not say: $2"; cat "$work/$1.log"; exit 1; }
    echo "test $1: ok"
}
test_says clean '100% tests passed'
test_says clean 'No leaks'
test_says leaks '0% tests passed'
test_says leaks '>    8 |     leash_coro(never, arg);' # the source is found from wherever the test runs
test_says accepted '100% tests passed'
test_says known '1 in the baseline'
test_says known '100% tests passed'
test_says told '1 leak (1 never-awaited)'
test_says told '100% tests passed'
reports=$work/cmake/reports
xmllint --noout "$reports/clean.xml" "$reports/leaks.xml" "$reports/accepted.xml"
grep -q '<failure ' "$reports/leaks.xml"
grep -q '<skipped ' "$reports/accepted.xml"
grep -q '"ruleId":"TL005"' "$reports/leaks.sarif"
"$prefix/bin/leash" check -q "$work/cmake/clean.db" >"$work/check.log" || { cat "$work/check.log"; exit 1; }

# The project of docs/ci.md: one task of two is accepted, the other one is found.
cmake -S "$here/../../docs/ci" -B "$work/ci" -G Ninja -DCMAKE_C_COMPILER="$cc" -DCMAKE_PREFIX_PATH="$prefix" >"$work/ci.log"
cmake --build "$work/ci" >"$work/ci_build.log" || { cat "$work/ci_build.log"; exit 1; }
ctest --test-dir "$work/ci" --output-on-failure >"$work/ci_test.log" 2>&1 && { echo "the example does not leak"; exit 1; }
for words in 'task #[0-9]* "audit" was pending' '1 leak (1 pending-at-exit)' '1 suppressed'; do
    grep -q "$words" "$work/ci_test.log" || { echo "the example does not say: $words"; cat "$work/ci_test.log"; exit 1; }
done
test -s "$work/ci/reports/shop.xml" && test -s "$work/ci/reports/shop.sarif" && test -s "$work/ci/shop.db"

# The project of docs/testing.md: a test that leaks fails at the line that leaks, and its trace knows the test.
cmake -S "$here/../../docs/testing" -B "$work/testing" -G Ninja -DCMAKE_C_COMPILER="$cc" -DCMAKE_PREFIX_PATH="$prefix" \
    >"$work/testing.log"
cmake --build "$work/testing" >"$work/testing_build.log" || { cat "$work/testing_build.log"; exit 1; }
ctest --test-dir "$work/testing" -V >"$work/testing_test.log" 2>&1 && { echo "the tests do not leak"; exit 1; }
for words in 'OK \] test_total' 'basket\.h:28: error: Failure!' 'in test "test_guess"' '33% tests passed, 2 tests failed'; do
    grep -q "$words" "$work/testing_test.log" || { echo "the tests do not say: $words"; cat "$work/testing_test.log"; exit 1; }
done
"$prefix/bin/leash" list leaks "$work/testing/basket.db" --where test=test_guess --columns test,line --format csv |
    grep -q '^test_guess,28' || { echo "the trace does not know the test"; exit 1; }

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

# Pages and completions lie where man and the shells look for them.
for file in man/man1/leash.1 man/man3/libleash.3 man/man5/leash-suppressions.5 man/man7/leash-filter.7 \
    bash-completion/completions/leash zsh/site-functions/_leash fish/vendor_completions.d/leash.fish; do
    test -s "$prefix/share/$file" || { echo "share/$file is not installed"; exit 1; }
done
rm -rf "$work"
