<?php
// Reads calendars with sabre/vobject, by which Nextcloud and ownCloud read: one JSON string a line in, one JSON value a line out.
// Debian has version 2.1.7 (2015). It runs on PHP 8.2 but for notices of deprecation; it takes zones by their name,
// and leaves "\," and "\;" escaped (version 3 no longer does), which is undone here.

error_reporting(E_ALL & ~E_DEPRECATED);
set_error_handler(function ($level, $message, $file, $line) {
    if (!(error_reporting() & $level)) {
        return false;
    }
    throw new ErrorException($message, 0, $level, $file, $line);
});
require 'Sabre/VObject/autoload.php';

function text($component, string $name): string
{
    return isset($component->$name) ? preg_replace('/\\\\([,;])/', '$1', (string) $component->$name) : '';
}

function instant($component, string $name): string
{
    if (!isset($component->$name)) {
        return '';
    }
    $property = $component->$name;
    $time = clone $property->getDateTime();
    if ($property->getDateType() === Sabre\VObject\Property\DateTime::DATE) {
        return $time->format('Y-m-d');
    }
    if ($property->getDateType() === Sabre\VObject\Property\DateTime::LOCAL) {
        throw new Exception("floating time: $name");
    }
    return $time->setTimezone(new DateTimeZone('UTC'))->format('Y-m-d\TH:i:s\Z');
}

function map($component): ?array
{
    $placed = $component->{'X-APPLE-STRUCTURED-LOCATION'};
    return $placed ? [(string) $placed, (string) $placed['X-TITLE'], (string) $placed['X-ADDRESS']] : null;
}

function event($component): array
{
    $geo = text($component, 'GEO');
    $categories = isset($component->CATEGORIES) ? preg_split('/(?<!\\\\),/', (string) $component->CATEGORIES) : [];
    return [
        'uid' => text($component, 'UID'),
        'sequence' => (int) text($component, 'SEQUENCE'),
        'summary' => text($component, 'SUMMARY'),
        'description' => text($component, 'DESCRIPTION'),
        'location' => text($component, 'LOCATION'),
        'status' => text($component, 'STATUS'),
        'transp' => text($component, 'TRANSP'),
        'start' => instant($component, 'DTSTART'),
        'end' => instant($component, 'DTEND'),
        'last_modified' => instant($component, 'LAST-MODIFIED'),
        'categories' => $categories,
        'geo' => $geo === '' ? null : array_map('floatval', explode(';', $geo)),
        'url' => text($component, 'URL'),
        'map' => map($component),
    ];
}

function calendar(string $text): array
{
    $calendar = Sabre\VObject\Reader::read($text);  // strict: the first wrong line is an exception
    foreach ($calendar->validate() as $problem) {
        throw new Exception("sabre complains: {$problem['level']} {$problem['message']}");
    }
    $events = [];
    foreach ($calendar->select('VEVENT') as $component) {
        $events[] = event($component);
    }
    return ['name' => text($calendar, 'X-WR-CALNAME'), 'events' => $events];
}

while (($line = fgets(STDIN)) !== false) {
    try {
        $answer = calendar(json_decode($line, false, 512, JSON_THROW_ON_ERROR));
    } catch (Throwable $error) {
        $answer = ['error' => (string) $error];
    }
    echo json_encode($answer, JSON_THROW_ON_ERROR | JSON_PRESERVE_ZERO_FRACTION), "\n";
}
