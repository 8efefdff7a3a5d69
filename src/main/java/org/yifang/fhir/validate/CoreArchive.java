package org.yifang.fhir.validate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Finds one resource of the FHIR R4 specification in the large collections that HAPI ships.
///
/// The collections (46 MB of XML, 3,000 resources) are never held as objects: an index tells where
/// each resource stands, and only what somebody asks for is cut out and parsed.
final class CoreArchive {
    private static final String ROOT = "/org/hl7/fhir/r4/model/";

    /// In this order, so that types and resources stand first where validators search one by one.
    private static final List<String> FILES =
            List.of(
                    "profile/profiles-types.xml",
                    "profile/profiles-resources.xml",
                    "extension/extension-definitions.xml",
                    "profile/profiles-others.xml",
                    "valueset/valuesets.xml",
                    "valueset/v3-codesystems.xml",
                    "valueset/v2-tables.xml");

    /// Where one resource stands, and the header of a StructureDefinition.
    ///
    /// @param type the resource type
    /// @param url the canonical url
    /// @param file index into the list of collections
    /// @param from offset of the resource's first byte
    /// @param to offset behind its last byte
    /// @param header of a StructureDefinition: `name`, `kind`, `abstract`, `type`,
    ///   `baseDefinition`, `derivation`; of others empty
    record Place(String type, String url, int file, int from, int to, Map<String, String> header) {}

    private static final Pattern EXAMPLES =
            Pattern.compile("<(mapping|example)>.*?</\\1>", Pattern.DOTALL);

    private static final Pattern PROSE =
            Pattern.compile(
                    "<(definition|comment|requirements|alias|meaningWhenMissing|isModifierReason)"
                            + " value=\"[^\"]*+\"(/>|></\\1>)");

    private static final List<String> HEADER =
            List.of("name", "kind", "abstract", "type", "baseDefinition", "derivation");

    private final Map<String, Place> places = new HashMap<>(8192);
    private final List<Place> structures = new ArrayList<>();

    /// One collection that was read last, kept while many resources are cut out of it.
    private int openFile = -1;

    private @Nullable String openText;

    CoreArchive() {
        for (int file = 0; file < FILES.size(); file++) {
            index(file);
        }
        forget();
    }

    /// The place of a resource by type (`StructureDefinition`, `ValueSet`, `CodeSystem`) and
    /// canonical url without version, or null.
    @Nullable Place place(String type, String url) {
        return places.get(type + ' ' + url);
    }

    /// Every StructureDefinition of the specification: types first, then resources, then the rest.
    Collection<Place> structures() {
        return structures;
    }

    /// The XML of one resource without what only explains it: narrative, differential, mappings,
    /// examples and prose, three quarters of a StructureDefinition. Less to parse at every start.
    /// Only threads of the validator come here, so that they may wait for one another.
    synchronized byte[] xml(Place place) {
        String text = open(place.file()).substring(place.from(), place.to());
        text = without(text, "<text>", "</text>");
        text = without(text, "<differential>", "</differential>");
        if (place.type().equals("StructureDefinition")) {
            text = EXAMPLES.matcher(text).replaceAll("");
            text = PROSE.matcher(text).replaceAll("");
        }
        String start = "<" + place.type();
        if (text.startsWith(start + ">")) {
            text = start + " xmlns=\"http://hl7.org/fhir\"" + text.substring(start.length());
        }
        return text.getBytes(ISO_8859_1);
    }

    private static String without(String text, String opening, String closing) {
        int from = text.indexOf(opening);
        int to = from < 0 ? -1 : text.indexOf(closing, from);
        return to < 0 ? text : text.substring(0, from) + text.substring(to + closing.length());
    }

    /// Gives back the memory of the collection that was read last.
    synchronized void forget() {
        openFile = -1;
        openText = null;
    }

    /// The whole collection, one char per byte: offsets are the same, and searching is fast.
    private String open(int file) {
        String text = openText;
        if (openFile != file || text == null) {
            text = read(FILES.get(file));
            openText = text;
            openFile = file;
        }
        return text;
    }

    private static String read(String name) {
        try (InputStream in = CoreArchive.class.getResourceAsStream(ROOT + name)) {
            if (in == null) {
                throw new IllegalStateException(ROOT + name + " is not on the class path.");
            }
            return new String(in.readAllBytes(), ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void index(int file) {
        String text = open(file);
        int at = text.indexOf("<resource>");
        while (at >= 0) {
            int from = text.indexOf('<', at + "<resource>".length());
            int nameEnd = from + 1;
            while (Character.isLetter(text.charAt(nameEnd))) {
                nameEnd++;
            }
            String type = text.substring(from + 1, nameEnd);
            String closing = "</" + type + ">";
            int to = text.indexOf(closing, nameEnd) + closing.length();
            if (!type.equals("SearchParameter") && !type.equals("OperationDefinition")) {
                add(text, type, file, from, to);
            }
            at = text.indexOf("<resource>", to);
        }
    }

    private void add(String text, String type, int file, int from, int to) {
        String url = value(text, "url", from, to);
        if (url == null || places.containsKey(type + ' ' + url)) {
            return;
        }
        Map<String, String> header = Map.of();
        if (type.equals("StructureDefinition")) {
            header = new HashMap<>();
            int end = text.indexOf("<snapshot>", from);
            // An extension lists its contexts, which have a `type` too, before its own type.
            int own = text.indexOf("<abstract ", from, end < 0 ? to : end);
            for (String name : HEADER) {
                int start = name.equals("type") ? behindContexts(text, own, end) : from;
                String value = value(text, name, start, end < 0 ? to : end);
                if (value != null) {
                    header.put(name, value);
                }
            }
        }
        Place place = new Place(type, url, file, from, to, header);
        places.put(type + ' ' + url, place);
        if (type.equals("StructureDefinition")) {
            structures.add(place);
        }
    }

    private static int behindContexts(String text, int from, int end) {
        int at = from;
        while (true) {
            int next = text.indexOf("</context>", at, end);
            if (next < 0) {
                return at;
            }
            at = next + "</context>".length();
        }
    }

    /// The value of the first `<name value="...">` between two offsets.
    private static @Nullable String value(String text, String name, int from, int to) {
        String opening = "<" + name + " value=\"";
        int at = text.indexOf(opening, from, to);
        if (at < 0) {
            return null;
        }
        int start = at + opening.length();
        return text.substring(start, text.indexOf('"', start));
    }
}
