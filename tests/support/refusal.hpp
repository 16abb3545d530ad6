#pragma once

#include <gtest/gtest.h>

#include <fallline/error.hpp>
#include <optional>
#include <string>

namespace fallline::test {

/// The error that `action` ends with; a test failure where it ends well.
template <class Action>
Error refusal(Action action) {
  try {
    (void)action();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "nothing was refused";
  return usage_error("nothing was refused");
}

}  // namespace fallline::test
