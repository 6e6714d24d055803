-- Equal requests over a cycle of names, formatted before the clock starts; their paths are those of a file where one is given.
local requests = {}
local at = 0

-- The request, with its body in one chunk where its headers say so (RFC 9112 7.1).
local function format(method, target, headers, body)
  if not headers or headers["Transfer-Encoding"] ~= "chunked" then return wrk.format(method, target, headers, body) end
  return wrk.format(method, target, headers, nil) .. string.format("%x\r\n", #body) .. body .. "\r\n0\r\n\r\n"
end

function init(args)
  local method, path, names, bytes = args[1], args[2], tonumber(args[3]), tonumber(args[4])
  local body = nil
  if method == "PUT" then body = string.rep("x", bytes) end
  if args[5] then
    for line in io.lines(args[5]) do
      local target, headers = nil, {}
      for part in line:gmatch("[^\t]+") do
        local name, value = part:match("^([%w-]+): (.*)$")
        if target == nil then target = part else headers[name] = value end
      end
      requests[#requests + 1] = format(method, target, headers, body)
    end
    return
  end
  for i = 0, names - 1 do
    local target = path:gsub("%%NAME%%", "o" .. i)
    requests[i + 1] = format(method, target, nil, body)
  end
end

function request()
  at = at % #requests + 1
  return requests[at]
end
