package org.yifang.fhir.json;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.Limits;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/// Says where in a resource a byte of its XML stands, as [StrictJson] says it of JSON. Read only of
/// XML that is refused, which may be no XML at all.
final class XmlPlace {
    /// An element, with how often each name stands in it.
    ///
    /// @param index which of its name it is
    private record Element(String name, int index, Map<String, Integer> held) {
        /// The type of a resource is no part of a path.
        boolean isType() {
            return name.isEmpty() || Character.isUpperCase(name.charAt(0));
        }
    }

    private final String xml;
    private final int wanted;
    private final Deque<Element> open = new ArrayDeque<>();
    private @Nullable Deque<Element> found;
    private String attribute = "";
    private int tags;

    private XmlPlace(byte[] xml, int wanted) {
        // A character for each byte, so that both are counted alike.
        this.xml = new String(xml, StandardCharsets.ISO_8859_1);
        this.wanted = wanted;
    }

    /// @param at a byte in a tag or in the text of an element
    /// @return the path, without the type of the resource; empty when it is not in an element
    static String of(byte[] xml, int at) {
        XmlPlace place = new XmlPlace(xml, at);
        place.open.push(new Element("", 0, new HashMap<>()));
        place.read();
        return new String(
                place.path().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /// What comes behind is read for how often its name stands there, and within the limits of what
    /// is accepted only.
    private void read() {
        int at = 0;
        while (at >= 0
                && at < xml.length()
                && open.size() <= StrictJson.DEPTH_MAX + 1
                && tags <= Limits.VALUES) {
            int begin = xml.indexOf('<', at);
            if (wanted >= at && (begin < 0 || wanted < begin)) {
                found = new ArrayDeque<>(open);
            }
            at = begin < 0 ? -1 : markup(begin);
        }
    }

    /// @return where it goes on, negative at the end
    private int markup(int begin) {
        if (xml.startsWith("<!--", begin)) {
            return behind("-->", begin);
        }
        if (xml.startsWith("<![CDATA[", begin)) {
            return behind("]]>", begin);
        }
        if (xml.startsWith("</", begin)) {
            if (open.size() > 1) {
                open.pop();
            }
            return behind(">", begin);
        }
        return xml.startsWith("<?", begin) ? behind("?>", begin) : tag(begin);
    }

    private int behind(String end, int from) {
        int at = xml.indexOf(end, from);
        return at < 0 ? -1 : at + end.length();
    }

    private int tag(int begin) {
        tags++;
        int end = begin + 1;
        while (end < xml.length() && " \t\r\n/>".indexOf(xml.charAt(end)) < 0) {
            end++;
        }
        String name = xml.substring(begin + 1, end);
        int index = open.getFirst().held().merge(name, 1, Integer::sum) - 1;
        open.push(new Element(name, index, new HashMap<>()));
        int close = closing(end);
        if (wanted >= begin && wanted <= close) {
            found = new ArrayDeque<>(open);
            attribute = attribute(end);
        }
        if (close < xml.length() && xml.charAt(close - 1) == '/') {
            open.pop();
        }
        return close + 1;
    }

    private int closing(int from) {
        char quote = 0;
        int at = from;
        for (; at < xml.length(); at++) {
            char one = xml.charAt(at);
            if (quote != 0) {
                quote = one == quote ? 0 : quote;
            } else if (one == '"' || one == '\'') {
                quote = one;
            } else if (one == '>') {
                break;
            }
        }
        return at;
    }

    /// What stands before the last `=` outside of quotes; `value` is the element itself.
    private String attribute(int from) {
        String name = "";
        char quote = 0;
        int began = from;
        for (int at = from; at < wanted; at++) {
            char one = xml.charAt(at);
            if (quote != 0) {
                quote = one == quote ? 0 : quote;
                began = at + 1;
            } else if (one == '=') {
                name = xml.substring(began, at).strip();
            } else if (one == '"' || one == '\'') {
                quote = one;
            }
        }
        return name.equals("value") ? "" : name;
    }

    private String path() {
        if (found == null) {
            return "";
        }
        StringBuilder path = new StringBuilder();
        Iterator<Element> outermost = found.descendingIterator();
        Element parent = outermost.next();
        while (outermost.hasNext()) {
            Element one = outermost.next();
            if (!one.isType()) {
                path.append(path.isEmpty() ? "" : ".").append(one.name());
                if (parent.held().getOrDefault(one.name(), 0) > 1) {
                    path.append('[').append(one.index()).append(']');
                }
            }
            if (one.name().equals("div")) {
                return path.toString();
            }
            parent = one;
        }
        return path + (attribute.isEmpty() || path.isEmpty() ? "" : ".") + attribute;
    }
}
