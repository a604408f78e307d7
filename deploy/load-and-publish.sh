#!/bin/sh
# Load the feeds of a list and publish a copy of the archive, again and again.
#   load-and-publish.sh SECONDS    between two runs; 0 runs once (for cron and systemd)
# FEEDS, ARCHIVE and PUBLIC name other files than those of deploy/compose.yaml.
set -u
feeds=${FEEDS:-/feeds.txt}
archive=${ARCHIVE:-/data/archive.db}
public=${PUBLIC:-/public/archive.db}
trap 'exit 143' TERM
trap 'exit 130' INT

while :; do
    # A feed that cannot be reached is a row in `problems`, and is asked again the next time.
    loader load --list "$feeds" --db "$archive" --quiet
    # A name of its own, then a rename: the server sees the old copy or the new one, and no part of it.
    next=${public%.db}.next.db
    rm -f "$next"
    loader share "$next" --db "$archive" --without text --without raw && mv -f "$next" "$public"
    [ "$1" -eq 0 ] && exit
    # In the background, so that a signal ends the pause.
    sleep "$1" &
    wait $!
done
