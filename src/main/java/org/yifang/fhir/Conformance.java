package org.yifang.fhir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// Our own conformance resources: everything in `fhir-profiles/` except its examples, as it is read
/// by outside systems.
public final class Conformance {
    /// One resource as it stands in its file.
    ///
    /// @param type the resource type, `CodeSystem`
    /// @param id its readable id, `prescription-status`
    /// @param url its canonical url; of a NamingSystem, which has none in R4, the system it names
    /// @param version its business version
    /// @param name its name for machines
    /// @param title its name for people, or its name when it has none
    /// @param json its bytes, ready to be sent
    public record Entry(
            String type,
            String id,
            String url,
            String version,
            String name,
            String title,
            byte[] json,
            Set<String> urls) {
        /// What is sent: a StructureDefinition with its snapshot, which is read anew each time (two
        /// megabytes of all that few ask for), everything else as it stands.
        public byte[] sent() {
            if (!type.equals("StructureDefinition")) {
                return json;
            }
            byte[] snapshot = bytes(FOLDER + "snapshots/" + id + ".json");
            int end = json.length;
            while (json[end - 1] != '}') {
                end--;
            }
            ByteArrayOutputStream whole =
                    new ByteArrayOutputStream(end + snapshot.length + SNAPSHOT.length());
            whole.write(json, 0, end - 1);
            whole.writeBytes(SNAPSHOT.getBytes(StandardCharsets.UTF_8));
            whole.writeBytes(snapshot);
            whole.write('}');
            return whole.toByteArray();
        }
    }

    /// The canonical root of everything that this project defines.
    public static final String ROOT = "https://yifang.org/fhir";

    private static final String FOLDER = "/fhir-profiles/";

    private static final String SNAPSHOT = ",\n  \"snapshot\": ";

    /// The list of files, since a folder inside a jar cannot be listed; a test keeps it true.
    private static final String INDEX = FOLDER + "index.txt";

    private final List<Entry> entries;
    private final Map<String, Entry> byId = new HashMap<>();
    private final Map<String, Entry> byUrl = new HashMap<>();

    private Conformance(List<Entry> entries) {
        this.entries = entries;
        for (Entry entry : entries) {
            if (byId.put(entry.type() + '/' + entry.id(), entry) != null
                    || byUrl.put(entry.type() + ' ' + entry.url(), entry) != null) {
                throw new IllegalStateException(
                        entry.type() + '/' + entry.id() + " stands twice in fhir-profiles.");
            }
        }
    }

    /// Reads all of them from the class path.
    public static Conformance load() {
        ObjectMapper mapper = new ObjectMapper();
        List<Entry> entries = new ArrayList<>();
        for (String file : new String(bytes(INDEX), StandardCharsets.UTF_8).lines().toList()) {
            entries.add(entry(mapper, bytes(FOLDER + file)));
        }
        entries.sort(Comparator.comparing(Entry::type).thenComparing(Entry::id));
        return new Conformance(List.copyOf(entries));
    }

    /// A valid example as it stands in its file.
    public static byte[] example(String name) {
        return bytes(FOLDER + "examples/valid/" + name + ".json");
    }

    /// All, by type and id.
    public Collection<Entry> all() {
        return entries;
    }

    /// Those of one type, by id.
    public Stream<Entry> ofType(String type) {
        return entries.stream().filter(entry -> entry.type().equals(type));
    }

    public @Nullable Entry byId(String type, String id) {
        return byId.get(type + '/' + id);
    }

    /// By canonical url, with or without `|version`; null when we have none, or another version.
    public @Nullable Entry byUrl(String type, String canonical) {
        int bar = canonical.indexOf('|');
        Entry found = byUrl.get(type + ' ' + (bar < 0 ? canonical : canonical.substring(0, bar)));
        return found == null || bar < 0 || found.version().equals(canonical.substring(bar + 1))
                ? found
                : null;
    }

    private static Entry entry(ObjectMapper mapper, byte[] json) {
        try {
            JsonNode tree = mapper.readTree(json);
            String type = tree.path("resourceType").asText();
            String name = text(tree, "name");
            String url = type.equals("NamingSystem") ? preferredSystem(tree) : text(tree, "url");
            String title = text(tree, "title");
            return new Entry(
                    type,
                    tree.path("id").asText(),
                    url,
                    text(tree, "version"),
                    name,
                    title.isEmpty() ? name : title,
                    json,
                    type.equals("NamingSystem") ? systems(tree, url) : Set.of(url));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// An element of a definition; of a topic, which stands on a Basic, its extension of that name.
    static String text(JsonNode tree, String name) {
        if (!tree.path("resourceType").asText().equals("Basic")) {
            return tree.path(name).asText();
        }
        for (JsonNode extension : tree.at("/extension/0/extension")) {
            if (extension.path("url").asText().equals(name)) {
                for (Map.Entry<String, JsonNode> member : extension.properties()) {
                    if (member.getKey().startsWith("value")) {
                        return member.getValue().asText();
                    }
                }
            }
        }
        return "";
    }

    private static Set<String> systems(JsonNode namingSystem, String preferred) {
        Set<String> all = new HashSet<>(Set.of(preferred));
        namingSystem.path("uniqueId").forEach(one -> all.add(one.path("value").asText()));
        return Set.copyOf(all);
    }

    private static String preferredSystem(JsonNode namingSystem) {
        JsonNode first = namingSystem.path("uniqueId").path(0);
        String value = first.path("value").asText();
        return first.path("type").asText().equals("oid") ? "urn:oid:" + value : value;
    }

    private static byte[] bytes(String name) {
        try (InputStream in = Conformance.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not on the class path.");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
