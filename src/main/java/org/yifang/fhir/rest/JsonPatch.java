package org.yifang.fhir.rest;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.json.JsonTree;
import org.yifang.platform.Limits;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.platform.problem.ProblemCode;

import java.util.List;

/// Applies a JSON Patch (RFC 6902) to a resource: all of it, or nothing.
final class JsonPatch {
    static final String MEDIA_TYPE = "application/json-patch+json";

    private JsonNode tree;

    /// Values that copies may still add, so that copies of copies end somewhere.
    private int left = Limits.VALUES_JUDGED;

    private JsonPatch(JsonNode tree) {
        this.tree = tree;
    }

    /// @param resource as it is; not changed
    /// @param patch strict JSON
    /// @throws Problem `RX-1424` with the operation that cannot be applied
    static JsonNode apply(JsonNode resource, JsonNode patch) {
        if (!patch.isArray()) {
            throw unfit("A JSON Patch is a list of operations.", "Send `[{\"op\": …}]`.", "");
        }
        if (patch.size() > Limits.PATCH_OPERATIONS) {
            throw unfit(
                    "The patch has " + patch.size() + " operations.",
                    "Send at most " + Limits.PATCH_OPERATIONS + ".",
                    "");
        }
        JsonPatch patched = new JsonPatch(resource.deepCopy());
        for (int i = 0; i < patch.size(); i++) {
            patched.one(patch.get(i), "[" + i + "]");
        }
        return patched.tree;
    }

    private void one(JsonNode operation, String where) {
        String op = operation.path("op").asText();
        JsonPointer path = pointer(operation, "path", where);
        switch (op) {
            case "add" -> add(path, value(operation, where), where);
            case "remove" -> remove(path, where);
            case "replace" -> {
                JsonNode value = value(operation, where);
                if (path.matches()) {
                    tree = value;
                } else {
                    remove(path, where);
                    add(path, value, where);
                }
            }
            case "move" -> {
                JsonPointer from = pointer(operation, "from", where);
                JsonNode moved = found(from, where);
                if (path.toString().startsWith(from + "/")) {
                    throw unfit("`move` leads into what it moves.", "Choose another path.", where);
                }
                remove(from, where);
                add(path, moved, where);
            }
            case "copy" -> {
                JsonNode copied = found(pointer(operation, "from", where), where).deepCopy();
                count(copied, where);
                add(path, copied, where);
            }
            case "test" -> {
                if (!equal(found(path, where), value(operation, where))) {
                    throw unfit(
                            "`test` of `" + path + "` found another value.",
                            "Read the resource again and decide on that.",
                            where);
                }
            }
            default ->
                    throw unfit(
                            "`op` is `" + op + "`.",
                            "Write `add`, `remove`, `replace`, `move`, `copy` or `test`.",
                            where);
        }
    }

    /// Numbers are the same when their values are.
    private static boolean equal(JsonNode one, JsonNode other) {
        return one.equals(
                (a, b) ->
                        a.isNumber() && b.isNumber()
                                ? a.decimalValue().compareTo(b.decimalValue())
                                : a.equals(b) ? 0 : 1,
                other);
    }

    private void count(JsonNode copied, String where) {
        left--;
        if (left < 0) {
            throw unfit("The copies are too large.", "Send less at once.", where);
        }
        copied.forEach(child -> count(child, where));
    }

    private static JsonPointer pointer(JsonNode operation, String name, String where) {
        JsonNode text = operation.path(name);
        if (text.isTextual()) {
            try {
                return JsonPointer.compile(text.asText());
            } catch (IllegalArgumentException unreadable) {
                // Told below, with what is right.
            }
        }
        throw unfit(
                "`" + name + "` is no JSON Pointer.", "Write it as `/name` or `/list/0`.", where);
    }

    private static JsonNode value(JsonNode operation, String where) {
        JsonNode value = operation.get("value");
        if (value == null) {
            throw unfit("There is no `value`.", "Say which value is meant.", where);
        }
        return value.deepCopy();
    }

    private JsonNode found(JsonPointer path, String where) {
        JsonNode node = tree.at(path);
        if (node.isMissingNode()) {
            throw unfit("There is nothing at `" + path + "`.", "Read the resource again.", where);
        }
        return node;
    }

    private void add(JsonPointer path, JsonNode value, String where) {
        if (path.matches()) {
            tree = value;
            return;
        }
        JsonNode parent = found(path.head(), where);
        String name = name(path);
        if (parent instanceof ObjectNode object) {
            object.set(name, value);
        } else if (parent instanceof ArrayNode list) {
            int at = name.equals("-") ? list.size() : index(name, list.size(), where);
            list.insert(at, value);
        } else {
            throw unfit("There is nothing to add to at `" + path + "`.", "Check it.", where);
        }
    }

    private void remove(JsonPointer path, String where) {
        found(path, where);
        JsonNode parent = path.matches() ? null : tree.at(path.head());
        if (parent instanceof ObjectNode object) {
            object.remove(name(path));
        } else if (parent instanceof ArrayNode list) {
            list.remove(index(name(path), list.size() - 1, where));
        } else {
            throw unfit("The whole resource cannot be removed.", "Name a part of it.", where);
        }
    }

    private static String name(JsonPointer path) {
        return path.last().getMatchingProperty();
    }

    private static int index(String name, int most, String where) {
        if (name.matches("0|[1-9]\\d{0,8}") && Integer.parseInt(name) <= most) {
            return Integer.parseInt(name);
        }
        throw unfit("`" + name + "` is no place in that list.", "Count from 0.", where);
    }

    private static Problem unfit(String detail, String remedy, String where) {
        return new Problem(
                List.of(
                        new Finding(
                                ProblemCode.PATCH_UNFIT,
                                detail,
                                remedy,
                                where.isEmpty() ? null : where,
                                false)));
    }

    /// Reads a patch.
    static JsonNode read(byte[] body) {
        org.yifang.fhir.json.StrictJson.check(body);
        return JsonTree.read(body);
    }

    static byte @Nullable [] bytes(JsonNode patched) {
        return patched.isObject()
                ? JsonTree.write(patched).getBytes(java.nio.charset.StandardCharsets.UTF_8)
                : null;
    }
}
