package org.yifang.fhir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.yifang.fhir.Conformance.Entry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;

/// Our definitions as an npm-style package of FHIR, as validators load it: the same definitions
/// give the same bytes.
public final class GuidePackage {
    /// The name of the package.
    public static final String NAME = "org.yifang.fhir";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FHIR = "4.0.1";

    /// The time in every entry.
    private static final Instant STAMP = Instant.parse("2026-11-28T00:00:00Z");

    /// The whole file, `package.tgz`.
    ///
    /// @param version of the program
    public static byte[] bytes(Conformance conformance, String version) {
        Map<String, byte[]> files = new TreeMap<>();
        ArrayNode index = JSON.createArrayNode();
        for (Entry entry : conformance.all()) {
            String name = entry.type() + '-' + entry.id() + ".json";
            files.put(name, entry.sent());
            index.add(indexed(name, entry));
        }
        files.put("package.json", written(description(version)));
        ObjectNode listed = JSON.createObjectNode().put("index-version", 2);
        listed.set("files", index);
        files.put(".index.json", written(listed));
        return archive(files);
    }

    private static ObjectNode description(String version) {
        ObjectNode json = JSON.createObjectNode();
        json.put("name", NAME).put("version", version).put("tools-version", 3);
        json.put("type", "IG").put("date", "20261128000000").put("license", "Apache-2.0");
        json.put("canonical", Conformance.ROOT).put("url", Conformance.ROOT);
        json.put("title", "Yifang: prescriptions in circulation");
        json.put("description", "Profiles, extensions and terminology of Yifang.");
        json.putArray("fhirVersions").add(FHIR);
        json.putObject("dependencies").put("hl7.fhir.r4.core", FHIR);
        json.put("author", "The Yifang project");
        json.putObject("directories").put("lib", "package");
        return json;
    }

    private static ObjectNode indexed(String name, Entry entry) {
        ObjectNode one = JSON.createObjectNode();
        one.put("filename", name).put("resourceType", entry.type()).put("id", entry.id());
        if (!entry.type().equals("NamingSystem")) {
            one.put("url", entry.url()).put("version", entry.version());
        }
        JsonNode tree = tree(entry);
        for (String member : new String[] {"kind", "type", "supplements", "content"}) {
            if (tree.path(member).isTextual()) {
                one.put(member, tree.path(member).asText());
            }
        }
        return one;
    }

    private static JsonNode tree(Entry entry) {
        try {
            return JSON.readTree(entry.json());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static byte[] written(JsonNode json) {
        return json.toPrettyString().replace("\r\n", "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] archive(Map<String, byte[]> files) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar =
                new TarArchiveOutputStream(new GZIPOutputStream(bytes), "UTF-8")) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                TarArchiveEntry entry = new TarArchiveEntry("package/" + file.getKey());
                entry.setSize(file.getValue().length);
                entry.setModTime(STAMP.toEpochMilli());
                entry.setIds(0, 0);
                entry.setNames("", "");
                tar.putArchiveEntry(entry);
                tar.write(file.getValue());
                tar.closeArchiveEntry();
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private GuidePackage() {}
}
