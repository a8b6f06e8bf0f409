#!/bin/sh
# Puts one more version in place and switches the link to it. Prints its name. BROKEN=1: the new one cannot start.
# In real life the program comes out of a build; here all versions are the same program with another name.
set -eu
cd "$SCRATCH"
mkdir -p versions
name=v$(($(ls versions | wc -l) + 1))
[ "$name" = v1 ] || [ "${BROKEN:-0}" != 1 ] || name=$name-broken
mkdir "versions/$name"
cp "$OLDPWD/bin/deploy" "versions/$name/server"
echo "$name" > "versions/$name/VERSION"
# A link is switched in one step by renaming; "ln -sf" alone removes it first, and for a moment there is none.
ln -s "versions/$name" next
mv -T next current
echo "$name"
