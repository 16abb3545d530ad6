#pragma once

#include <limits>
#include <string>
#include <vector>

namespace fallline::test {

/// Texts in UTF-8 that a format can stumble over: each is written somewhere, and must read back.
inline std::vector<std::string> hostile_texts() {
  return {
      "",
      " ",
      " blanks around ",
      "\ttabs\tin it\t",
      "in#1/x.csv",
      "# a comment?",
      "\"quoted\"",
      "it's",
      "\"both\" and 'single'",
      "'''",
      "\"\"\"",
      "C:\\new\\table\\u0041",
      "ends in \\",
      "nl\nlr = 0.5",
      "\r\n",
      "[section]",
      "{key = 1}",
      "a, b; c|d",
      "a=b",
      "%25 %zz %",
      "caf\xC3\xA9 \xE5\x80\xA4 \xF0\x9F\x94\xA5",
      "\xE2\x80\xAE right to left \xD7\xA9\xD7\x9C",
      "\xEF\xBB\xBF a mark",
      "\xE2\x80\xA8 a separator",
      "</script><img src=x onerror=alert(1)><!--",
      "&lt;",
      "\x01\x08\x0B\x0C\x1B[31m\x1F\x7F",
      "true",
      "false",
      "null",
      "inf",
      "-inf",
      "nan",
      "-nan",
      "NaN",
      "0",
      "-0",
      "-0.0",
      "+1",
      "007",
      "0x10",
      "1_000",
      "1e5",
      "1e999",
      "1.50",
      ".5",
      "5.",
      "1979-05-27",
      "1979-05-27T07:32:00Z",
      "18446744073709551615",
      "9223372036854775808",
      std::string(70'000, 'x'),
      std::string(5'000, '"') + std::string(5'000, '\\'),
  };
}

/// Bytes that are no UTF-8, which a path may have all the same.
inline std::vector<std::string> not_utf8() {
  return {"caf\xE9", "\xFF", "\x80 alone", "\xC3", "\xED\xA0\x80", "\xC0\xAF", "50 % \xFE #\"'\n"};
}

/// Numbers at the ends of double precision and in its gaps.
inline std::vector<double> extreme_numbers() {
  using Limits = std::numeric_limits<double>;
  return {0,
          -0.0,
          0.1,
          1.0 / 3,
          1e-5,
          1e22,
          123456789.123456789,
          Limits::min(),
          Limits::denorm_min(),
          -Limits::denorm_min(),
          Limits::max(),
          Limits::lowest(),
          Limits::epsilon(),
          9007199254740993.0,
          9223372036854775808.0,
          18446744073709551616.0};
}

}  // namespace fallline::test
