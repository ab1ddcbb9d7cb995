// One completion on its way through a worker: what it starts from and who is told.
#pragma once

#include <string>

#include "engine/engine.h"
#include "text/live.h"

namespace tripost {

// Called by the worker that runs it, one call at a time.
class Work {
 public:
  virtual ~Work() = default;

  // Stays where it is while the work lives.
  virtual const TokenRequest& request() const = 0;

  // Returning false ends it with kStop, the token included. `is_end`: the token is EOS or one of
  // the request's stop tokens, which ends it in any case.
  virtual bool on_token(const Draw& draw, bool is_end) = 0;

  // The last call.
  virtual void on_done(FinishReason reason, const std::string& error) = 0;

  virtual bool is_wanted() const { return true; }
};

}  // namespace tripost
