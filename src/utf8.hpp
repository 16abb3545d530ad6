#pragma once

#include <cstddef>
#include <fallline/error.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fallline {

/// Where `text` stops being UTF-8: the first byte of the first sequence that is none, such as an
/// overlong form, a surrogate, a character beyond U+10FFFF or one that is cut short. Nothing where
/// all of it is (The Unicode Standard 15, table 3-7).
[[nodiscard]] std::optional<std::size_t> first_not_utf8(std::string_view text);

/// "UTF-16" or "UTF-32" where a text begins as one does, by its mark or by where its zero bytes
/// lie; empty where it does not.
[[nodiscard]] std::string_view wide_encoding(std::string_view head);

/// `text` in quotes for a message: control characters and bytes that are not UTF-8 as \xNN, at most
/// 40 characters.
[[nodiscard]] std::string shown(std::string_view text);

/// That `text`, which stops being UTF-8 at byte `at` of it, is not; with what to do about it.
[[nodiscard]] Error not_utf8(const Where& where, std::string_view text, std::size_t at);

/// @param what  of each name, for a message: "class name"
/// @throws Error(bad_input) where one of them is not UTF-8
void require_utf8(const std::vector<std::string>& names, const Where& where, const char* what);

}  // namespace fallline
